"""Asks the mood, picks and explains titles.

Where to look, in the order that an ask goes:

- what is asked: ``forms`` and ``pages`` (the web), ``api`` and ``schema`` (HTTP), ``manage.py recommend``; as answers
  and the moment that the model sees: ``moment``; spun again: ``spin``
- the whole way in one page: ``suggest``; what it holds on that way: ``evening``
- which titles fit: ``candidates``; what was shown or seen lately: ``lately``; at most three that differ: ``ranking``
- why each: ``explain`` fetches the titles, ``reasons`` chooses among the terms of the score, ``wording`` says them
- how it is shown: ``present``, with the episode that comes next: ``coming``
- what is written back to Plex: ``shelves`` plans lists, ``give`` brings them there; asked for on ``giving``
- the made-up household of the demo: ``demo_household``
"""
