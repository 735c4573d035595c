"""Asks the mood, picks and explains titles.

Where to look, in the order that an evening goes:

- what is asked: the page ``asking`` with its ``forms``, what it starts with (``remembered``) and its count of what
  ``fits``; over HTTP ``api`` and ``schema``; ``manage.py recommend``. As answers, and the moment that the model sees:
  ``moment``
- who is there: a viewer's PIN (``unlocking``); guests: ``gatherings`` stores their evening, ``guests`` is the host's
  side of it, ``joining`` theirs; what each ``wishes`` for
- the whole way in one page: ``suggest``; what it holds on that way: ``evening``; spun again: ``spin``
- which titles fit: ``candidates``, by what is ``known`` of those present; what was shown or seen ``lately``; at most
  three that differ: ``ranking``
- why each: ``explain`` fetches the titles, ``reasons`` chooses among the ``terms`` of the score; they are said by
  ``wording``, with the ``house_rules`` and the ``vocabulary``
- how the three are shown: the page ``pages`` lays ``cards``, with the episode that is ``coming``; what can be done with
  a card: ``doings``, ``tonight_list``; for the API: ``present``
- the page of a ``title/``, which also says why it was not chosen; the page of the ``library/``
- what is written back to Plex: ``shelves`` plans lists, ``give`` brings them there; asked for on ``giving``
- the made-up household of the demo: ``demo_household``
"""
