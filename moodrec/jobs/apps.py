"""Django's name for this package."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "moodrec.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
