"""Django's name for this package."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "moodrec.security"
    label = "security"
    default_auto_field = "django.db.models.BigAutoField"
