"""Django's name for this package."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MlmodelConfig(AppConfig):
    name = "mlmodel"
    verbose_name = _("Learning")
