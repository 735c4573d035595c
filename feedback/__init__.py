"""The log: what was asked, what was shown, what was said.

Where to look:

- written by ``log`` alone; over HTTP: ``api``; which evening a moment belongs to: ``evenings``
- what tells how a title was: the household, when ``asking_back`` asks and ``saying`` stores it; Plex, by ``watching``
  and, of series that were left, ``lapsing``; a file of ``letterboxd``. Stars go back to Plex by ``stars``
- pages: past evenings in ``history``, the wall of ``favourites``, one's own data in ``erasing`` (shown, deleted) and
  ``export``, both by the list in ``mine``
- each of these can be taken back by ``undoing``, and leads back to where it was pressed by ``way_back``
- what moods are called: ``moodnames``; in the admin: ``admin`` and its ``filters``
"""
