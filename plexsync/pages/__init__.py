"""The web pages of Plex: connecting, libraries, people, playing, pictures."""
