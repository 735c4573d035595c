"""The pages of the whole install.

- ``settings``, and what it leads to: ``jobs``, their ``schedules`` and what their ``kinds`` are called; ``backups``,
  API ``keys``, ``outbound`` (what leaves the house), ``about``
- an account for somebody of the household: ``invite``
- the app on a home screen: ``pwa``; friendly words where something can't be: ``errors``
- the front page of the back office: ``office``
"""
