"""The mirror of Plex in the admin: titles, libraries, viewers, and the connection without its token."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from moodrec.bigtables import (
    BigTableAdmin,
    FewRelatedFilter,
    ReadOnlyAdmin,
    TextFilter,
    first,
    links_to,
)
from moodrec.jobs.admin import ButtonAdmin, sync_now
from plexsync.models import Connection, Library, MediaItem, Viewer

OLDEST_DECADE = 1920
SAMPLE = 1000  # of the newest titles, to suggest genres from
RARE = 500  # titles; a genre of fewer is rare

# Apps above this one add links to what they know of a title or a viewer.
title_links: list[Callable[[MediaItem], SafeString]] = []
viewer_links: list[Callable[[Viewer], SafeString]] = []


def titled(words: str) -> QuerySet[MediaItem]:
    """Return titles whose name holds these words, each alone, in alphabetical order."""
    rows = MediaItem.objects.order_by("title")
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    return rows


def poster(item: MediaItem, width: int = 150) -> SafeString:
    address = reverse("poster", args=[item.pk, width])
    return format_html('<img class="poster" src="{}" alt="" loading="lazy">', address)


def _together(links: Iterator[SafeString]) -> SafeString:
    return format_html_join(" · ", "{}", ((each,) for each in links))


class GenreFilter(TextFilter):
    title = "genre"
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
    title = "year"
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
    title = "decade"
    parameter_name = "decade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = timezone.now().year // 10 * 10
        decades = range(newest, OLDEST_DECADE - 1, -10)
        return [(str(decade), f"{decade}s") for decade in decades] + [("none", "unknown")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        decade = self.value()
        if decade == "none":
            return queryset.filter(year=None)
        if decade and _is_year(decade):
            return queryset.filter(year__range=(int(decade), int(decade) + 9))
        return queryset


class TypeFilter(admin.SimpleListFilter):
    title = "type"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("movie", "films"), ("show", "series")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MediaItem]) -> QuerySet[MediaItem]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(MediaItem)
class MediaItemAdmin(ButtonAdmin[MediaItem], ReadOnlyAdmin[MediaItem]):
    list_display = [
        "small", "title", "year", "type", "genre_names", "minutes", "library", "available", "plex",
    ]  # fmt: skip
    list_display_links = ["small", "title"]
    list_columns = [
        "title", "year", "type", "genres", "runtime_minutes", "available", "rating_key",
        "sort_title", "library__title", "library__connection__machine_identifier",
    ]  # fmt: skip
    list_select_related = ["library__connection"]
    list_filter = [
        GenreFilter,
        YearFilter,
        "available",
        TypeFilter,
        ("library", FewRelatedFilter),
        DecadeFilter,
    ]
    ordering = ["sort_title", "pk"]
    search_fields = ["title"]
    search_help_text = "Words of the title"
    actions = [sync_now]
    list_buttons = [sync_now]
    fieldsets = [
        (None, {"fields": [
            "large", "title", "original_title", "edition", "year", "type", "genres",
            "runtime_minutes", "summary", "links", "plex",
        ]}),
        ("People and places", {"fields": [
            "directors", "writers", "cast", "studio", "countries", "collections", "labels",
        ]}),
        ("Ratings", {"fields": [
            "content_rating", "content_age", "audience_rating", "critic_rating", "user_rating",
        ]}),
        ("Watched", {"fields": [
            "view_count", "last_viewed_at", "season_count", "episode_count", "watched_episodes",
        ]}),
        ("In Plex", {"fields": [
            "library", "available", "missing_since", "added_at", "synced_at", "released_on",
            "rating_key", "guid", "external_ids", "sort_title", "fingerprint",
        ]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[MediaItem]:
        rows = super().get_queryset(request).select_related("library__connection")
        return rows.defer("library__connection__token")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MediaItem], search_term: str
    ) -> tuple[QuerySet[MediaItem], bool]:
        if search_term:
            queryset = queryset.filter(pk__in=first(titled(search_term)))
        return queryset, False

    @admin.display(description="poster")
    def small(self, item: MediaItem) -> SafeString:
        return poster(item)

    @admin.display(description="poster")
    def large(self, item: MediaItem) -> SafeString:
        return poster(item, 300)

    @admin.display(description="genres")
    def genre_names(self, item: MediaItem) -> str:
        return ", ".join(item.genres)

    @admin.display(description="min.")
    def minutes(self, item: MediaItem) -> int | None:
        return item.runtime_minutes

    @admin.display(description="Plex")
    def plex(self, item: MediaItem) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">Open</a>', item.plex_url)

    @admin.display
    def links(self, item: MediaItem) -> SafeString:
        return _together(to(item) for to in title_links)


@admin.register(Library)
class LibraryAdmin(ButtonAdmin[Library]):
    list_display = ["title", "type", "enabled", "titles", "connection", "swept_at"]
    list_editable = ["enabled"]
    list_select_related = ["connection"]
    list_columns = [
        "title", "type", "enabled", "swept_at", "connection__name", "connection__url",
    ]  # fmt: skip
    ordering = ["title", "pk"]
    search_fields = ["title"]
    actions = [sync_now]
    list_buttons = [sync_now]
    fields = ["title", "type", "enabled", "titles", "connection", "key", "revision", "swept_at"]
    readonly_fields = ["title", "type", "titles", "connection", "key", "revision", "swept_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Library]:
        rows = super().get_queryset(request).select_related("connection")
        return rows.defer("connection__token")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Library | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Library, form: ModelForm[Library], change: Any
    ) -> None:
        obj.save(update_fields=["enabled"])  # a sync that runs owns the rest

    @admin.display
    def titles(self, library: Library) -> SafeString:
        return links_to(MediaItem.objects, library=library.pk)


@admin.register(Viewer)
class ViewerAdmin(BigTableAdmin[Viewer]):
    list_display = ["name", "slug", "user", "owns_plex_state", "is_demo"]
    list_select_related = ["user"]
    list_filter = ["owns_plex_state", "is_demo"]
    search_fields = ["name", "slug", "user__username"]
    fields = ["name", "user", "owns_plex_state", "slug", "is_demo", "links"]
    readonly_fields = ["slug", "is_demo", "links"]
    raw_id_fields = ["user"]

    def has_delete_permission(self, request: HttpRequest, obj: Viewer | None = None) -> bool:
        return False  # what a viewer said stays true

    def save_model(
        self, request: HttpRequest, obj: Viewer, form: ModelForm[Viewer], change: Any
    ) -> None:
        if change:
            obj.save(update_fields=["name", "user", "owns_plex_state"])
        else:
            new = Viewer.add(obj.name, user=obj.user, owns_plex_state=obj.owns_plex_state)
            obj.pk, obj.slug = new.pk, new.slug

    @admin.display
    def links(self, viewer: Viewer) -> SafeString:
        return _together(to(viewer) for to in viewer_links if viewer.pk)


@admin.register(Connection)
class ConnectionAdmin(ButtonAdmin[Connection], ReadOnlyAdmin[Connection]):
    list_display = ["__str__", "url", "state", "active", "is_demo", "token_state", "checked_at"]
    list_display_links = ["__str__"]
    list_filter = ["active", "state"]
    actions = [sync_now]
    list_buttons = [sync_now]
    fields: ClassVar[Any] = [
        "name", "url", "token_state", "state", "problem", "checked_at", "active", "is_demo",
        "machine_identifier", "change",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        stored = Case(When(token="", then=Value(False)), default=Value(True))  # noqa: FBT003
        return super().get_queryset(request).defer("token").annotate(has_token=stored)

    @admin.display(description="token")
    def token_state(self, connection: Any) -> str:
        return "•••• stored" if connection.has_token else "none"

    @admin.display(description="to change it")
    def change(self, _connection: Connection) -> SafeString:
        return format_html('<a href="{}">Connect again</a>', reverse("connect"))
