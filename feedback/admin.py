"""The log in the admin: asks, what was shown for them, what was said; with links from each to each."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback.filters import PresentFilter, RatingFilter, ShownVersionFilter, VersionFilter
from feedback.models import Ask, Dismissal, Favorite, Feedback, Suggestion
from feedback.moodnames import mood_name
from moodrec.bigtables import (
    CHOICES,
    FewRelatedFilter,
    ReadOnlyAdmin,
    first,
    link,
    links_to,
    page_of,
    pretty,
)
from moodrec.phrases import told
from plexsync.admin import poster, title_links, titled, viewer_links

RowT = TypeVar("RowT", bound=Model)

TITLES = 500  # that a search in the log looks for
COMPANY = {"solo": _("just me"), "group": _("together")}
HELP = _("Words of a title; where it finds more than 500, the first of them by alphabet")  # TITLES

title_links += [
    lambda item: links_to(Suggestion.objects, item=item.pk),
    lambda item: links_to(Feedback.objects, item=item.pk),
    lambda item: links_to(Favorite.objects, item=item.pk),
    lambda item: links_to(Dismissal.objects, item=item.pk),
]
viewer_links += [
    lambda viewer: links_to(Ask.objects, viewers=viewer.pk),
    lambda viewer: links_to(Feedback.objects, viewer=viewer.pk),
    lambda viewer: links_to(Favorite.objects, viewer=viewer.pk),
    lambda viewer: links_to(Dismissal.objects, viewer=viewer.pk),
]


class TitleColumns:
    """What a list shows of the title that a row is about."""

    @admin.display(description=_("poster"))
    def small(self, row: Any) -> SafeString:
        return poster(row.item)

    @admin.display(description=_("title"))
    def title(self, row: Any) -> SafeString | str:
        return link(row.item)


class ShownColumns(TitleColumns):
    """What a list shows of a suggestion."""

    @admin.display(description=_("score"))
    def percent(self, row: Suggestion) -> str:
        return f"{row.score:.0%}"

    @admin.display(description=_("prior"))
    def prior_percent(self, row: Suggestion) -> str:
        return f"{row.prior:.0%}"

    @admin.display(description=_("chance of the draw"))
    def drawn(self, row: Suggestion) -> str:
        """Return how likely the draw fell on it; "-" where nothing was drawn."""
        return "-" if row.chance is None else f"{row.chance:.0%}"

    @admin.display(description=_("why"))
    def why(self, row: Suggestion) -> str:
        return " ".join(told(reason) for reason in row.reasons)

    @admin.display(description=_("drawback"))
    def against(self, row: Suggestion) -> str:
        return told(row.drawback)

    @admin.display(description=_("feedback"))
    def said(self, row: Suggestion) -> SafeString:
        """Return links to what was said of the suggestion."""
        said = ((page_of(each), str(each.viewer), _stars(each)) for each in row.feedback.all())
        return format_html_join(", ", '<a href="{}">{} {}</a>', said)


def _stars(row: Feedback) -> str:
    return "★" * row.rating if row.rating else "-"


class AboutTitleAdmin(TitleColumns, ReadOnlyAdmin[RowT]):
    """Rows about a title, found by the words of its name."""

    search_fields = ["item__title"]
    search_help_text = HELP
    list_select_related: ClassVar[Any] = ["item", "viewer"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RowT], search_term: str
    ) -> tuple[QuerySet[RowT], bool]:
        if search_term:
            queryset = queryset.filter(item__in=first(titled(search_term), most=TITLES))
        return queryset, False


class ShownInline(ShownColumns, admin.TabularInline[Suggestion, Ask]):
    model = Suggestion
    verbose_name_plural = _("shown for it")
    fields: ClassVar[Any] = [
        "small", "title", "role", "percent", "prior_percent", "why", "against", "said",
    ]  # fmt: skip
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        rows = super().get_queryset(request).select_related("item").defer("candidate")
        return rows.prefetch_related("feedback__viewer")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ask)
class AskAdmin(ReadOnlyAdmin[Ask]):
    list_display = [
        "asked_at", "vibe", "company", "minutes", "who", "source", "model_version", "spin",
        "remaining",
    ]  # fmt: skip
    list_columns = ["asked_at", "mood", "source", "model_version", "spin", "remaining"]
    list_filter = [
        VersionFilter,
        ("asked_at", admin.DateFieldListFilter),
        PresentFilter,
        "source",
    ]
    ordering = ["-asked_at"]
    search_fields = ["pk"]
    search_help_text = HELP
    fields: ClassVar[Any] = [
        "asked_at", "user", "who", "mood_pretty", "moment_pretty", "chain", "spin",
        "model_version", "remaining", "relax", "source",
    ]  # fmt: skip
    inlines = [ShownInline]

    def view_on_site(self, ask: Ask) -> str:
        return reverse("three", args=[ask.pk])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ask]:
        return super().get_queryset(request).prefetch_related("viewers")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ask], search_term: str
    ) -> tuple[QuerySet[Ask], bool]:
        if search_term:
            shown = Suggestion.objects.filter(item__in=first(titled(search_term), most=TITLES))
            queryset = queryset.filter(pk__in=first(shown.order_by("-pk"), "ask"))
        return queryset, False

    @admin.display(description=_("vibe"))
    def vibe(self, ask: Ask) -> str:
        return ", ".join(mood_name(each) for each in ask.mood.get("vibe") or ()) or str(
            _("any mood")
        )

    @admin.display(description=_("company"))
    def company(self, ask: Ask) -> str:
        return str(COMPANY.get(ask.mood.get("company"), "-"))

    @admin.display(description=_("minutes"))
    def minutes(self, ask: Ask) -> str:
        return str(ask.mood.get("minutes") or "-")

    @admin.display(description=_("viewers"))
    def who(self, ask: Ask) -> SafeString:
        links = ((page_of(viewer), viewer.name) for viewer in ask.viewers.all())
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description=_("mood"))
    def mood_pretty(self, ask: Ask) -> SafeString:
        return pretty(ask.mood)

    @admin.display(description=_("moment"))
    def moment_pretty(self, ask: Ask) -> SafeString:
        return pretty(ask.moment)

    @admin.display(description=_("spun from and to"))
    def chain(self, ask: Ask) -> SafeString:
        others = [*([ask.first] if ask.first else []), *ask.spins.order_by("asked_at")[:CHOICES]]
        return format_html_join(
            " · ", '<a href="{}">{}</a>', ((page_of(a), str(a)) for a in others)
        )


@admin.register(Suggestion)
class SuggestionAdmin(ShownColumns, AboutTitleAdmin[Suggestion]):
    list_display = [
        "small", "title", "role", "percent", "prior_percent", "version", "asked", "said", "why",
    ]  # fmt: skip
    list_columns = [
        "rank", "role", "score", "prior", "reasons", "shown_at", "item__title", "item__year",
        "item__thumb", "ask__model_version", "ask__asked_at",
    ]  # fmt: skip
    list_display_links = ["role"]
    list_select_related: ClassVar[Any] = ["item", "ask"]
    list_filter = [ShownVersionFilter, ("shown_at", admin.DateFieldListFilter), "role"]
    ordering = ["-shown_at", "-pk"]
    fields: ClassVar[Any] = [
        "small", "title", "asked", "rank", "role", "percent", "prior_percent", "drawn", "version",
        "why", "drawback", "said", "shown_at", "candidate_pretty",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return super().get_queryset(request).prefetch_related("feedback__viewer")

    def view_on_site(self, row: Suggestion) -> str:
        return reverse("three", args=[row.ask_id])

    @admin.display(description=_("version"))
    def version(self, row: Suggestion) -> str:
        return str(row.ask.model_version or _("house rules"))

    @admin.display(description=_("ask"))
    def asked(self, row: Suggestion) -> SafeString | str:
        return link(
            row.ask,
            formats.date_format(timezone.localtime(row.ask.asked_at), "SHORT_DATETIME_FORMAT"),
        )

    @admin.display(description=_("what the scorer saw"))
    def candidate_pretty(self, row: Suggestion) -> SafeString:
        return pretty(row.candidate)


@admin.register(Feedback)
class FeedbackAdmin(AboutTitleAdmin[Feedback]):
    """What was said, read-only; an answer is put aside on the model page, which learns again."""

    list_display = [
        "said_at", "small", "title", "viewer", "stars", "completed", "again", "source", "teaches",
        "shown",
    ]  # fmt: skip
    list_columns = [
        "said_at", "rating", "completed", "would_watch_again", "source", "teaches", "suggestion",
        "item__title", "item__year", "item__thumb", "viewer__name",
    ]  # fmt: skip
    list_filter = [
        ("said_at", admin.DateFieldListFilter),
        ("viewer", FewRelatedFilter),
        RatingFilter,
        "completed",
        "would_watch_again",
        "source",
        "teaches",
    ]
    ordering = ["-said_at", "-pk"]
    fields: ClassVar[Any] = [
        "viewer", "small", "title", "shown", "rating", "completed", "would_watch_again", "source",
        "teaches", "said_at", "updated_at", "mood_pretty", "candidate_pretty",
    ]  # fmt: skip

    @admin.display(description=_("rating"))
    def stars(self, row: Feedback) -> str:
        return _stars(row)

    @admin.display(description=_("again"), boolean=True)
    def again(self, row: Feedback) -> bool | None:
        return row.would_watch_again

    @admin.display(description=_("suggestion"))
    def shown(self, row: Feedback) -> SafeString | str:
        return (
            link(Suggestion(pk=row.suggestion_id), str(_("as shown"))) if row.suggestion_id else "-"
        )

    @admin.display(description=_("mood"))
    def mood_pretty(self, row: Feedback) -> SafeString:
        return pretty(row.mood)

    @admin.display(description=_("what the scorer saw"))
    def candidate_pretty(self, row: Feedback) -> SafeString:
        return pretty(row.candidate)


class RemovableAdmin(AboutTitleAdmin[RowT]):
    """A viewer's wish, which may be taken back: only what is shown next depends on it."""

    def has_delete_permission(self, request: HttpRequest, obj: RowT | None = None) -> bool:
        return bool(request.user.is_staff)


@admin.register(Favorite)
class FavoriteAdmin(RemovableAdmin[Favorite]):
    list_display = ["small", "title", "viewer", "added_at"]
    list_display_links = ["added_at"]
    list_columns = ["added_at", "item__title", "item__year", "item__thumb", "viewer__name"]
    list_filter = [("viewer", FewRelatedFilter)]
    ordering = ["-pk"]
    fields: ClassVar[Any] = ["small", "title", "viewer", "added_at"]


@admin.register(Dismissal)
class DismissalAdmin(RemovableAdmin[Dismissal]):
    list_display = ["small", "title", "viewer", "kind", "said_at"]
    list_display_links = ["said_at"]
    list_columns = ["kind", "said_at", "item__title", "item__year", "item__thumb", "viewer__name"]
    list_filter = ["kind", ("viewer", FewRelatedFilter)]
    ordering = ["-pk"]
    fields: ClassVar[Any] = ["small", "title", "viewer", "kind", "said_at"]
