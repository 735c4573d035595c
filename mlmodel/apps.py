"""Django's name for this package."""

from django.apps import AppConfig


class MlmodelConfig(AppConfig):
    name = "mlmodel"
    verbose_name = "Learning"
