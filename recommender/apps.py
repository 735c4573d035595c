"""Django's name for this package."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommenderConfig(AppConfig):
    name = "recommender"
    verbose_name = _("Recommending")

    def ready(self) -> None:
        from mlmodel import matrix  # noqa: PLC0415 (models are not there before)
        from recommender.library import index  # noqa: PLC0415

        matrix.also.append(index.renew)
