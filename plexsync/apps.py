"""Django's name for this package."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlexsyncConfig(AppConfig):
    name = "plexsync"
    verbose_name = _("Plex library")
