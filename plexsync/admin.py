"""The mirror of Plex in the admin: titles, libraries, viewers, and the connection without its token."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moodrec.bigtables import (
    BigTableAdmin,
    FewRelatedFilter,
    ReadOnlyAdmin,
    first,
    links_to,
)
from moodrec.jobs.admin import ButtonAdmin, sync_now
from plexsync import watched_admin  # noqa: F401 (Django looks for admin.py only)
from plexsync.filters import DecadeFilter, GenreFilter, TypeFilter, YearFilter
from plexsync.models import (
    Connection,
    Episode,
    Library,
    MediaItem,
    Play,
    TitleState,
    Viewer,
)
from plexsync.templatetags import pictures

SECRET = ("token", "account_token", "hook_secret")  # columns of a connection never read here

SORT = {"movie": _("Film"), "show": pgettext_lazy("one title", "Series")}
SORTS = {"movie": _("Films"), "show": _("Series")}

# Apps above this one add links to what they know of a title or a viewer.
title_links: list[Callable[[MediaItem], SafeString]] = [
    lambda item: links_to(Episode.objects, item=item.pk),
    lambda item: links_to(TitleState.objects, item=item.pk),
    lambda item: links_to(Play.objects, item=item.pk),
]
viewer_links: list[Callable[[Viewer], SafeString]] = [
    lambda viewer: links_to(TitleState.objects, viewer=viewer.pk),
    lambda viewer: links_to(Play.objects, viewer=viewer.pk),
]


def _is_stored(column: str) -> Case:
    return Case(When(**{column: ""}, then=Value(False)), default=Value(True))  # noqa: FBT003


def titled(words: str) -> QuerySet[MediaItem]:
    """Return titles whose name holds these words, each alone, in alphabetical order."""
    rows = MediaItem.objects.order_by("title")
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    return rows


def poster(item: MediaItem, width: int = 150) -> SafeString:
    address = pictures.poster(item, width)
    return format_html('<img class="poster" src="{}" alt="" loading="lazy">', address)


def _together(links: Iterator[SafeString]) -> SafeString:
    return format_html_join(" · ", "{}", ((each,) for each in links))


@admin.register(MediaItem)
class MediaItemAdmin(ButtonAdmin[MediaItem], ReadOnlyAdmin[MediaItem]):
    list_display = [
        "small", "title", "year", "sort", "genre_names", "minutes", "library", "available", "plex",
    ]  # fmt: skip
    list_display_links = ["title"]
    list_columns = [
        "title", "year", "type", "genres", "runtime_minutes", "available", "rating_key",
        "sort_title", "thumb", "library__title", "library__connection__machine_identifier",
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
    search_help_text = _("Words of the title")
    actions = [sync_now]
    list_buttons = [sync_now]
    fieldsets = [
        (None, {"fields": [
            "large", "title", "original_title", "edition", "year", "sort", "genres",
            "runtime_minutes", "summary", "links", "plex",
        ]}),
        (_("People and places"), {"fields": [
            "directors", "writers", "cast", "studio", "countries", "languages", "collections", "labels",
        ]}),
        (_("Ratings"), {"fields": [
            "content_rating", "content_age", "audience_rating", "critic_rating", "user_rating",
        ]}),
        (_("Watched"), {"fields": [
            "view_count", "view_offset", "last_viewed_at", "season_count", "episode_count",
            "watched_episodes",
        ]}),
        (_("In Plex"), {"fields": [
            "library", "available", "missing_since", "added_at", "synced_at", "released_on",
            "rating_key", "guid", "external_ids", "sort_title", "fingerprint",
        ]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[MediaItem]:
        rows = super().get_queryset(request).select_related("library__connection")
        return rows.defer(*(f"library__connection__{name}" for name in SECRET))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MediaItem], search_term: str
    ) -> tuple[QuerySet[MediaItem], bool]:
        if search_term:
            queryset = queryset.filter(pk__in=first(titled(search_term)))
        return queryset, False

    def view_on_site(self, item: MediaItem) -> str:
        return reverse("title", args=[item.pk])

    @admin.display(description=_("poster"))
    def small(self, item: MediaItem) -> SafeString:
        return poster(item)

    @admin.display(description=_("poster"))
    def large(self, item: MediaItem) -> SafeString:
        return poster(item, 300)

    @admin.display(description=_("type"))
    def sort(self, item: MediaItem) -> str:
        return str(SORT.get(item.type, item.type))

    @admin.display(description=_("genres"))
    def genre_names(self, item: MediaItem) -> str:
        return ", ".join(item.genres)

    @admin.display(description=_("min."))
    def minutes(self, item: MediaItem) -> int | None:
        return item.runtime_minutes

    @admin.display(description=_("Plex"))
    def plex(self, item: MediaItem) -> SafeString:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', item.plex_url, _("Open in Plex"))

    @admin.display(description=_("links"))
    def links(self, item: MediaItem) -> SafeString:
        return _together(to(item) for to in title_links)


@admin.register(Library)
class LibraryAdmin(ButtonAdmin[Library]):
    list_display = ["title", "sort", "enabled", "titles", "connection", "swept_at"]
    list_editable = ["enabled"]
    list_select_related = ["connection"]
    list_columns = [
        "title", "type", "enabled", "swept_at", "connection__name", "connection__url",
    ]  # fmt: skip
    ordering = ["title", "pk"]
    search_fields = ["title"]
    actions = [sync_now]
    list_buttons = [sync_now]
    fields = ["title", "sort", "enabled", "titles", "connection", "key", "revision", "swept_at"]
    readonly_fields = ["title", "sort", "titles", "connection", "key", "revision", "swept_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Library]:
        rows = super().get_queryset(request).select_related("connection")
        return rows.defer(*(f"connection__{name}" for name in SECRET))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Library | None = None) -> bool:
        return False

    def view_on_site(self, _library: Library) -> str:
        return reverse("sync")

    def save_model(
        self, request: HttpRequest, obj: Library, form: ModelForm[Library], change: Any
    ) -> None:
        obj.save(update_fields=["enabled"])  # a sync that runs owns the rest

    @admin.display(description=_("type"))
    def sort(self, library: Library) -> str:
        return str(SORTS.get(library.type, library.type))

    @admin.display(description=_("titles"))
    def titles(self, library: Library) -> SafeString:
        return links_to(MediaItem.objects, library=library.pk)


@admin.register(Viewer)
class ViewerAdmin(BigTableAdmin[Viewer]):
    list_display = ["name", "slug", "user", "plex_kind", "enabled", "owns_plex_state", "is_demo"]
    list_select_related = ["user"]
    list_filter = ["owns_plex_state", "is_demo"]
    search_fields = ["name", "slug", "user__username"]
    fields = [
        "name", "user", "enabled", "owns_plex_state", "content_cap", "pin_state", "slug", "is_demo",
        "plex_kind", "plex_problem", "state_read_at", "links",
    ]  # fmt: skip
    readonly_fields = [
        "content_cap", "pin_state", "slug", "is_demo", "plex_kind", "plex_problem", "state_read_at",
        "links",
    ]  # fmt: skip
    raw_id_fields = ["user"]

    def view_on_site(self, _viewer: Viewer) -> str:
        return reverse("people")

    def has_delete_permission(self, request: HttpRequest, obj: Viewer | None = None) -> bool:
        return False  # what a viewer said stays true

    def save_model(
        self, request: HttpRequest, obj: Viewer, form: ModelForm[Viewer], change: Any
    ) -> None:
        if change:
            obj.save(update_fields=["name", "user", "enabled", "owns_plex_state"])
        else:
            new = Viewer.add(
                obj.name, user=obj.user, enabled=obj.enabled, owns_plex_state=obj.owns_plex_state
            )
            obj.pk, obj.slug = new.pk, new.slug

    @admin.display(description=_("PIN"))
    def pin_state(self, viewer: Viewer) -> str:
        return str(_("•••• stored") if viewer.pin else _("none"))

    @admin.display(description=_("links"))
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
        "name", "url", "token_state", "account_state", "state", "problem", "checked_at", "active",
        "is_demo", "unverified", "write_stars", "tonight_playlist", "mood_playlists",
        "mood_collections", "shelf_language", "history_read_to", "machine_identifier", "change",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        rows = super().get_queryset(request).defer(*SECRET)
        return rows.annotate(has_token=_is_stored("token"), has_account=_is_stored("account_token"))

    def view_on_site(self, _connection: Connection) -> str:
        return reverse("connect")

    @admin.display(description=_("token"))
    def token_state(self, connection: Any) -> str:
        return str(_("•••• stored") if connection.has_token else _("none"))

    @admin.display(description=_("plex.tv account"))
    def account_state(self, connection: Any) -> str:
        return str(_("•••• stored") if connection.has_account else _("none"))

    @admin.display(description=_("to change it"))
    def change(self, _connection: Connection) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("connect"), _("Connect again"))
