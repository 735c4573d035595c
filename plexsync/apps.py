"""Django's name for this package."""

from django.apps import AppConfig


class PlexsyncConfig(AppConfig):
    name = "plexsync"
    verbose_name = "Plex library"
