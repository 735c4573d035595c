"""Filters of the list of titles in the admin."""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moodrec.bigtables import TextFilter, first
from plexsync.models import MediaItem

OLDEST_DECADE = 1920
SAMPLE = 1000  # of the newest titles, to suggest genres from
RARE = 500  # titles; a genre of fewer is rare


class GenreFilter(TextFilter):
    title = _("genre")
    parameter_name = "genre"
    hint = "Comedy"

    def suggested(self) -> list[str]:
        return self._known

    @cached_property
    def _known(self) -> list[str]:
        newest = MediaItem.objects.order_by("-pk").values_list("genres", flat=True)[:SAMPLE]
        return sorted({genre for genres in newest for genre in genres})

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        genre = (self.value() or "").strip()
        if not genre:
            return queryset
        known = next((name for name in self._known if name.lower() == genre.lower()), genre)
        titles: Any = MediaItem.objects
        rare = [row["pk"] for row in first(titles.of_genre(known), most=RARE)]
        if len(rare) < RARE:  # read by number: going through all titles in order takes longer
            return queryset.filter(pk__in=rare)
        in_order: Any = queryset
        found: QuerySet[MediaItem] = in_order.of_genre(known)
        return found


class YearFilter(TextFilter):
    title = _("year")
    parameter_name = "year"
    hint = "1979"

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        year = (self.value() or "").strip()
        if not year:
            return queryset
        return queryset.filter(year=int(year)) if _is_year(year) else queryset.none()


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


class DecadeFilter(admin.SimpleListFilter):
    title = _("decade")
    parameter_name = "decade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = timezone.now().year // 10 * 10
        decades = range(newest, OLDEST_DECADE - 1, -10)
        return [(str(decade), str(_("%(decade)ss")) % {"decade": decade}) for decade in decades] + [
            ("none", str(_("unknown")))
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        decade = self.value()
        if decade == "none":
            return queryset.filter(year=None)
        if decade and _is_year(decade):
            return queryset.filter(year__range=(int(decade), int(decade) + 9))
        return queryset


class TypeFilter(admin.SimpleListFilter):
    title = _("type")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("movie", str(_("Films"))), ("show", str(_("Series")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        return queryset.filter(type=self.value()) if self.value() else queryset
