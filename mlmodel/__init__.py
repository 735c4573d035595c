"""Learns a household's taste from its log, and scores its titles.

Where to look, in the order that data goes round:

- what is said of a title and a moment: ``records``; as a probability: ``labels``; its moods: ``moods``, by the
  table in ``moodtable`` (built-in, household's rules, the page to change them)
- before any answer: ``prior``
- the learner (no Django in it): ``config`` (all that can be tuned) -> ``traits`` of a title, ``contexts`` of a moment
  -> ``features`` (records to rows, the first step of the pipeline) -> ``training`` (logistic regression, or ``tree``);
  how unsure it is: ``doubt``; the evidence behind a weight: ``met``; which title follows which: ``franchises``, told
  by ``series_names``
- from the log: ``examples`` (said here), ``taste`` (known by Plex), ``lessons`` (what may teach) -> ``learn`` (enough
  and new? fit, judge, publish) -> ``registry`` of versions
  (one that can't be used: ``mending``), each a signed ``artifact``, copied to a ``model_file``
- how good it is: ``evaluation``, with the metrics, intervals and verdict of ``judging``; on files: ``replay``
- what it believes, and which answers moved it: ``insight``, ``influence``; told and taken back on the ``page``;
  what all of it is called: ``words``
- scoring: ``describe`` (the only way from a row to a record), ``matrix`` (the catalogue in memory; copies of one
  title: ``twins``), ``scoring``
"""
