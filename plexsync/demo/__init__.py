"""A demo Plex Media Server: speaks the real API over a library that needs no Plex and no films."""
