"""The web pages of Plex: connecting, the library, pictures."""
