"""What Plex told of people in the admin: episodes, states, plays, our shelves, accounts. To look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from moodrec.bigtables import FewRelatedFilter, ReadOnlyAdmin, RowT, link, links_to
from plexsync.models import Episode, Play, PlexAccount, Shelf, TitleState, WatchedEpisode


class _OfTitleAdmin(ReadOnlyAdmin[RowT]):
    """Rows about a title and a viewer."""

    list_select_related: ClassVar[Any] = ["item", "viewer"]
    list_filter: ClassVar[Any] = [("viewer", FewRelatedFilter)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RowT]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.defer("viewer__plex_token") if "viewer" in self.list_select_related else rows

    @admin.display(description=_("title"))
    def title_link(self, row: Any) -> SafeString | str:
        return link(row.item)


@admin.register(Episode)
class EpisodeAdmin(_OfTitleAdmin[Episode]):
    list_display = ["number_of", "title", "title_link", "runtime_minutes", "released_on"]
    list_columns = [
        "season", "number", "title", "runtime_minutes", "released_on", "item__title", "item__year",
    ]  # fmt: skip
    list_select_related: ClassVar[Any] = ["item"]
    list_filter: ClassVar[Any] = []
    ordering = ["-pk"]
    fields: ClassVar[Any] = [
        "number_of", "title", "title_link", "runtime_minutes", "released_on", "rating_key",
        "watched_by",
    ]  # fmt: skip

    @admin.display(description=_("episode"))
    def number_of(self, row: Episode) -> str:
        return f"S{row.season:02d}E{row.number:02d}"

    @admin.display(description=_("watched by"))
    def watched_by(self, row: Episode) -> SafeString:
        return links_to(WatchedEpisode.objects, episode=row.pk)


@admin.register(WatchedEpisode)
class WatchedEpisodeAdmin(_OfTitleAdmin[WatchedEpisode]):
    list_display = ["episode", "viewer", "last_viewed_at"]
    list_columns = [
        "last_viewed_at", "episode__season", "episode__number", "episode__title", "viewer__name",
    ]  # fmt: skip
    list_select_related: ClassVar[Any] = ["episode", "viewer"]
    ordering = ["-pk"]
    fields: ClassVar[Any] = ["episode", "viewer", "last_viewed_at"]


@admin.register(TitleState)
class TitleStateAdmin(_OfTitleAdmin[TitleState]):
    list_display = [
        "title_link", "viewer", "view_count", "watched_episodes", "last_viewed_at", "user_rating",
    ]  # fmt: skip
    list_columns = [
        "view_count", "watched_episodes", "last_viewed_at", "user_rating", "item__title",
        "item__year", "viewer__name",
    ]  # fmt: skip
    ordering = ["-pk"]
    fields: ClassVar[Any] = [
        "title_link", "viewer", "view_count", "watched_episodes", "last_viewed_at", "view_offset",
        "user_rating", "rated_at",
    ]  # fmt: skip


@admin.register(Play)
class PlayAdmin(_OfTitleAdmin[Play]):
    list_display = ["played_at", "title_link", "viewer", "source", "considered"]
    list_columns = [
        "played_at", "source", "considered", "item__title", "item__year", "viewer__name",
    ]  # fmt: skip
    list_filter: ClassVar[Any] = [("viewer", FewRelatedFilter), "source", "considered"]
    ordering = ["-played_at", "-pk"]
    fields: ClassVar[Any] = [
        "played_at", "title_link", "viewer", "source", "considered", "rating_key",
    ]  # fmt: skip


@admin.register(Shelf)
class ShelfAdmin(ReadOnlyAdmin[Shelf]):
    list_display = ["title", "kind", "holds", "updated_at", "problem"]
    list_filter = ["kind"]
    ordering = ["kind", "title", "pk"]
    fields: ClassVar[Any] = [
        "title", "kind", "slug", "library", "rating_key", "holds", "problem", "updated_at",
    ]  # fmt: skip

    @admin.display(description=_("titles"))
    def holds(self, row: Shelf) -> int:
        return len(row.keys)


@admin.register(PlexAccount)
class PlexAccountAdmin(ReadOnlyAdmin[PlexAccount]):
    list_display = ["username", "user", "checked_at", "lost_at"]
    list_select_related = ["user"]
    search_fields = ["username", "user__username"]
    ordering = ["username", "pk"]
    fields: ClassVar[Any] = ["username", "user", "plex_id", "checked_at", "lost_at"]
