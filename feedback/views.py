"""The pages of the log: history, favourites, and the form "how was it?"."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from feedback import log
from feedback.models import Ask, Favorite, Feedback
from plexsync.models import MediaItem, Viewer
from plexsync.sight import visible

EVENINGS = 20  # asks on a page

YES_NO = [("", "—"), ("true", "Yes"), ("false", "No")]


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


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what a viewer says of a suggestion, and come back to where it was said."""
    shown = get_object_or_404(
        log.visible_suggestions(request.user).select_related("ask", "item"), pk=pk
    )
    form = HowWasIt(request.POST)
    if not form.is_valid() or not form.answers():
        messages.error(
            request, "Nothing was stored: say whether you finished it, or give 1 to 5 stars."
        )
        return _back(request)
    speakers = Viewer.objects.speakable_by(request.user)
    slug = request.POST.get("viewer")
    viewer = (
        get_object_or_404(speakers, slug=slug)
        if slug
        else speakers.filter(user__pk=request.user.pk or 0).first()
    )
    if viewer is None:
        messages.error(request, "Nothing was stored: you have no viewer of your own yet.")
        return _back(request)
    log.said(viewer, shown.item, form.answers(), suggestion=shown, source=Ask.Source.WEB)
    messages.success(request, f"Noted: {viewer.name} on {shown.item.title}.")
    return _back(request)


def said_by(
    speakers: Iterable[Viewer], path: str = "feedback"
) -> "Prefetch[str, QuerySet[Feedback], str]":
    """Give each suggestion `mine`: what those said of it for whom this user speaks."""
    rows = Feedback.objects.filter(viewer__in=speakers).select_related("viewer")
    return Prefetch(path, rows, to_attr="mine")


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show past evenings: what was asked, shown and said."""
    asks = Ask.objects.visible_to(request.user).order_by("-asked_at")
    speakers = list(Viewer.objects.speakable_by(request.user))
    asks = asks.prefetch_related("viewers", "suggestions__item", "suggestions__feedback__viewer")
    asks = asks.prefetch_related(said_by(speakers, "suggestions__feedback"))
    page = Paginator(asks, EVENINGS).get_page(request.GET.get("page"))
    context = {"page": page, "speakers": speakers}
    return render(request, "feedback/history.html", context)


@require_GET
def favorites(request: HttpRequest) -> HttpResponse:
    """Show the favourites of the viewers this user speaks for."""
    mine = Viewer.objects.speakable_by(request.user)
    titles = visible(MediaItem.objects.all(), request.user)
    rows = Favorite.objects.filter(viewer__in=mine, item__in=titles)
    rows = rows.select_related("item__library__connection", "viewer")
    page = Paginator(rows, 60).get_page(request.GET.get("page"))
    return render(request, "feedback/favorites.html", {"page": page})


@require_POST
def toggle_favorite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a title among one's favourites, or take it off."""
    item = get_object_or_404(visible(MediaItem.objects.all(), request.user), pk=pk)
    slug = request.POST.get("viewer")
    speakers = Viewer.objects.speakable_by(request.user)
    viewer = (
        speakers.filter(slug=slug).first()
        if slug
        else speakers.filter(user__pk=request.user.pk or 0).first()
    )
    if viewer is None:
        messages.error(request, "You have no viewer of your own yet.")
        return _back(request)
    wanted = request.POST.get("wanted") == "1"
    log.favorite(viewer, item, wanted=wanted)
    said = "is among your favourites" if wanted else "is off your favourites"
    messages.success(request, f"{item.title} {said}.")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page the form was on, if that page is ours."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    if safe and there.startswith("/"):
        return HttpResponseRedirect(there)
    return redirect("history")
