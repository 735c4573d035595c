"""Django's name for this package, and people's name for the one that counts failed sign-ins."""

from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "moodrec.security"
    label = "security"
    default_auto_field = "django.db.models.BigAutoField"


class SignInsConfig(AxesConfig):  # type: ignore[misc]
    """django-axes, by what the back office shows of it."""

    verbose_name = _("Sign-ins")
