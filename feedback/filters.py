"""Filters of the log's lists in the admin, none of which walks a whole table."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback.models import Ask, Feedback
from moodrec.bigtables import CHOICES, TextFilter, first
from plexsync.models import Viewer


class PresentFilter(admin.SimpleListFilter):
    title = _("viewer")
    parameter_name = "viewers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(viewer.pk), viewer.name) for viewer in Viewer.objects.order_by("pk")[:CHOICES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ask]) -> QuerySet[Ask]:
        viewer = self.value() or ""
        if not (viewer.isdecimal() and len(viewer) < 10):
            return queryset
        present = Ask.viewers.through.objects.filter(viewer=int(viewer)).order_by("-pk")
        return queryset.filter(pk__in=first(present, "ask"))


class VersionFilter(TextFilter):
    """By the number of the model that scored; 0 stands for none."""

    title = _("model version (0: house rules)")
    parameter_name = "model_version"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        number = (self.value() or "").strip()
        if not number:
            return queryset
        if not (number.isdecimal() and len(number) < 10):
            return queryset.none()
        return self.scored_by(queryset, int(number) or None)

    def scored_by(self, queryset: QuerySet[Any], number: int | None) -> QuerySet[Any]:
        return queryset.filter(model_version=number)


class ShownVersionFilter(VersionFilter):
    def scored_by(self, queryset: QuerySet[Any], number: int | None) -> QuerySet[Any]:
        asks = Ask.objects.filter(model_version=number).order_by("-asked_at")
        return queryset.filter(ask__in=first(asks))


class RatingFilter(admin.SimpleListFilter):
    title = _("rating")
    parameter_name = "stars"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        stars = [(str(number), "★" * number) for number in range(5, 0, -1)]
        return [*stars, ("none", str(_("no rating")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> QuerySet[Feedback]:
        stars = self.value() or ""
        if stars == "none":
            return queryset.filter(rating=None)
        return queryset.filter(rating=int(stars)) if stars.isdecimal() else queryset
