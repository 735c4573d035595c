"""The schedules page: how often each kind of job runs by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moodrec.jobs import kinds
from moodrec.jobs import schedules as stored
from moodrec.jobs.models import Schedule
from plexsync.pages.access import owner_only

HOURS = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 72.0, 168.0)
AS_CONFIGURED = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a kind may be set to."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of job, when it runs next, and what may be chosen."""

    kind: str
    next_at: datetime | None
    choices: list[Choice]

    @property
    def name(self) -> str:
        return kinds.name(self.kind)

    @property
    def does(self) -> str:
        return str(kinds.DOES.get(self.kind, ""))


@owner_only
@require_http_methods(["GET", "POST"])
def schedules(request: HttpRequest) -> HttpResponse:
    """Show and set how often each kind runs; "as configured" is what the environment says."""
    if request.method == "POST":
        for kind in settings.JOB_EVERY_HOURS:
            _set(kind, request.POST.get(kind))
        messages.success(request, _("Saved. Each schedule counts from its last run."))
        return redirect("schedules")
    return render(request, "settings/schedules.html", {"lines": _lines()})


def _set(kind: str, value: str | None) -> None:
    """Store a choice of the page; anything else changes nothing."""
    if value == AS_CONFIGURED:
        stored.choose(kind, None)
    elif value in {f"{hours:g}" for hours in HOURS}:
        stored.choose(kind, float(value or 0))


def _lines() -> list[Line]:
    chosen = dict(Schedule.objects.values_list("kind", "every_hours"))
    jobs = stored.newest()
    return [
        Line(
            kind,
            stored.due_at(jobs.get(kind, []), chosen.get(kind, configured)),
            _choices(configured, chosen.get(kind)),
        )
        for kind, configured in settings.JOB_EVERY_HOURS.items()
    ]


def _choices(configured: float, chosen: float | None) -> list[Choice]:
    default = _("As configured: %(often)s") % {"often": kinds.every(configured)}
    offered = sorted({*HOURS, *([] if chosen is None else [chosen])})
    return [
        Choice(AS_CONFIGURED, default, chosen is None),
        *(
            Choice(f"{hours:g}", _sentence(kinds.every(hours)), hours == chosen)
            for hours in offered
        ),
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
