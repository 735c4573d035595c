"""Say how a title was, change it, or take it off the record; each can be undone."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from feedback import log, memory
from feedback.asking_back import NOT_WATCHED, row_of
from feedback.models import Ask, Dismissal, Feedback, Suggestion
from feedback.undoing import undoably
from feedback.way_back import back
from moodrec.calling import by_htmx
from moodrec.notices import undoable
from plexsync.models import Viewer

YES_NO = [("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


class HowWasIt(forms.Form):
    """Finished? Again? Stars."""

    completed = forms.TypedChoiceField(
        choices=YES_NO, required=False, coerce=lambda v: v == "true", empty_value=None
    )
    would_watch_again = forms.TypedChoiceField(
        choices=YES_NO, required=False, coerce=lambda v: v == "true", empty_value=None
    )
    rating = forms.IntegerField(min_value=1, max_value=5, required=False)

    def answers(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in log.ANSWERS
            if self.cleaned_data[name] is not None
        }


def with_said(rows: "QuerySet[Suggestion]") -> "QuerySet[Suggestion]":
    """Fetch what was said of each suggestion, and by whom."""
    said = Feedback.objects.select_related("viewer").defer("candidate")
    return rows.prefetch_related(Prefetch("feedback", said))


def mark_mine(shown: Iterable[Suggestion], speakers: Iterable[Viewer]) -> None:
    """Give each suggestion `mine`: what those said of it for whom this user speaks."""
    theirs = {viewer.pk for viewer in speakers}
    for each in shown:
        each.mine = [row for row in each.feedback.all() if row.viewer_id in theirs]  # type: ignore[attr-defined]


@require_GET
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the forms that say how a suggestion was; the one for the viewer who is named is open."""
    context = talk_of(request.user, pk)
    context["opened"] = context["focused"] = request.GET.get("viewer", "")
    page = "feedback/_talk.html" if by_htmx(request) else "feedback/talk.html"
    return render(request, page, context)


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what a viewer says of a suggestion, and show it where it was said."""
    shown = _shown(request, pk)
    form = HowWasIt(request.POST)
    if not form.is_valid() or not form.answers():
        messages.error(
            request,
            _("Nothing was stored: say whether you finished it, or give 1 to 5 stars."),
        )
        return _talked(request, shown, again=True)
    viewer = _speaker(request)
    if viewer is None:
        return _talked(request, shown)

    def store() -> None:
        log.said(viewer, shown.item, form.answers(), suggestion=shown, source=Ask.Source.WEB)

    rows = Feedback.objects.filter(viewer=viewer, suggestion=shown)
    undo = undoably(request, [rows], store, at=f"s{pk}")
    return _noted(request, shown, viewer, _("Noted: %(viewer)s on %(title)s."), undo)


@require_POST
def not_watched(request: HttpRequest, pk: int) -> HttpResponse:
    """Store that a viewer did not watch it that evening, so that nobody asks them again."""
    shown = _shown(request, pk)
    viewer = _speaker(request)
    if viewer is None:
        return _talked(request, shown)

    def store() -> None:
        log.dismissed([viewer], [shown.item_id], NOT_WATCHED, at=shown.shown_at)

    rows = Dismissal.objects.filter(viewer=viewer, item=shown.item_id, kind=NOT_WATCHED)
    undo = undoably(request, [rows], store, at=f"s{pk}")
    told = _("Noted: %(viewer)s did not watch %(title)s.")
    return _noted(request, shown, viewer, told, undo)


def _noted(
    request: HttpRequest, shown: Suggestion, viewer: Viewer, told: str, undo: str
) -> HttpResponse:
    undoable(request, told % {"viewer": viewer.name, "title": shown.item.title}, undo)
    return _talked(request, shown, viewer)


@require_POST
def unsay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer off the record."""
    row = get_object_or_404(
        Feedback.objects.filter(viewer__in=Viewer.objects.speakable_by(request.user)), pk=pk
    )
    shown, told = row.suggestion, _("Off the record: what %(viewer)s said of %(title)s.")
    names = {"viewer": row.viewer.name, "title": row.item.title}
    rows, place = [Feedback.objects.filter(pk=pk)], f"s{shown.pk}" if shown else ""
    undoable(request, told % names, undoably(request, rows, lambda: _take_off(row), at=place))
    return _talked(request, shown) if shown else back(request)


def _take_off(row: Feedback) -> None:
    row.delete()
    if row.rating_sent and row.source != Ask.Source.PLEX:
        log.stars_gone(row.viewer_id, row.item_id)


def _shown(request: HttpRequest, pk: int) -> Suggestion:
    rows = memory.visible_suggestions(request.user).select_related("ask", "item")
    found: Suggestion = get_object_or_404(rows, pk=pk)
    return found


def _speaker(request: HttpRequest) -> Viewer | None:
    """Return whose word it is: the viewer named, else the user's own; tell where there is none."""
    viewer = speaker_of(request.user, request.POST.get("viewer", ""))
    if viewer is None:
        messages.error(request, _("Nothing was stored: you have no viewer of your own yet."))
    return viewer


def speaker_of(user: User | AnonymousUser, slug: str) -> Viewer | None:
    """Return the viewer of this name for whom the user may speak, or without a name their own.

    Raises Http404 where they may not speak for whom they named.
    """
    speakers = Viewer.objects.speakable_by(user)
    if slug:
        return get_object_or_404(speakers, slug=slug)
    return speakers.filter(user__pk=user.pk or 0).first()


def speakers_of(user: User | AnonymousUser, present: Sequence[Viewer]) -> list[Viewer]:
    """Return for whom this user may speak: of those present, else oneself."""
    theirs = [viewer for viewer in present if user.is_staff or viewer.user_id == user.pk]
    return own_first(user, theirs) or list(Viewer.objects.filter(user__pk=user.pk or 0))


def own_first(user: User | AnonymousUser, speakers: Iterable[Viewer]) -> list[Viewer]:
    """Put first who holds the phone: the first one is ticked."""
    return sorted(speakers, key=lambda viewer: viewer.user_id != user.pk)


def _talked(
    request: HttpRequest, shown: Suggestion, viewer: Viewer | None = None, *, again: bool = False
) -> HttpResponse:
    """Answer htmx with the part that asked, anybody else with the page the form was on.

    What it was about has the focus, so that a keyboard stays there; to be asked `again` it is open.
    """
    if not by_htmx(request):
        return back(request)
    part = request.POST.get("part", "")
    if part == "row" and viewer is not None:
        return render(request, "feedback/_how_row_answer.html", {"row": row_of(shown, viewer)})
    context = talk_of(request.user, shown.pk)
    whose = _part_of(request.POST.get("viewer", ""), context["suggestion"].mine)
    context |= {"focused": whose} | ({"opened": whose} if again else {})
    return render(request, "feedback/_talk_answer.html", context)


def _part_of(slug: str, said: Iterable[Feedback]) -> str:
    """Return whose part of the talk it is: a viewer's who is on record, else that of all who are not."""
    return slug if slug in {row.viewer.slug for row in said} else ""


def talk_of(user: User | AnonymousUser, pk: int) -> dict[str, Any]:
    """Return what the talk about a suggestion is rendered from."""
    rows = memory.visible_suggestions(user).select_related("ask", "item")
    shown = get_object_or_404(with_said(rows), pk=pk)
    mark_mine([shown], Viewer.objects.speakable_by(user))
    viewers = list(shown.ask.viewers.all())
    return {"suggestion": shown, "viewers": viewers, "speakers": speakers_of(user, viewers)}
