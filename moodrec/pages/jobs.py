"""The jobs page: what MoodRec does in the background, how it went, when it does it next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from moodrec import checks
from moodrec.calling import by_htmx
from moodrec.jobs import kinds, queue, schedules
from moodrec.jobs.cancelling import cancel as stop
from moodrec.jobs.models import Job
from moodrec.phrases import told
from plexsync.pages.access import owner_only

A_PAGE = 20
START = timedelta(minutes=1)  # so long may scheduler and worker take to give their first sign
ASKED = {"train": {"asked": True}}  # a person may have a rolled back version anew


@dataclass(frozen=True, slots=True)
class Told:
    """A job, or none yet, in words."""

    job: Job

    @property
    def name(self) -> str:
        return kinds.name(self.job.kind)

    @property
    def state(self) -> str:
        return kinds.state(self.job)

    @property
    def took(self) -> str:
        return kinds.took(self.job)

    @property
    def percent(self) -> int:
        return round(self.job.progress * 100)

    @property
    def steps(self) -> list[tuple[str, str]]:
        return [(_clock(seconds), told(said)) for seconds, said in self.job.steps]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its newest one, and when the next comes."""

    key: str
    newest: Told | None
    next_at: datetime | None
    every: str

    @property
    def name(self) -> str:
        return kinds.name(self.key)

    @property
    def does(self) -> str:
        return str(kinds.DOES.get(self.key, ""))

    @property
    def is_active(self) -> bool:
        return self.newest is not None and self.newest.job.is_active

    @property
    def failed(self) -> bool:
        return self.newest is not None and self.newest.job.state == Job.State.FAILED


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02}"


def _kinds(jobs: dict[str, list[Job]]) -> Iterator[Kind]:
    for key, hours in schedules.hours().items():
        rows: Sequence[Job] = jobs.get(key, [])
        newest = Told(rows[0]) if rows else None
        yield Kind(key, newest, schedules.due_at(rows, hours), kinds.every(hours))


def _with_logs(jobs: dict[str, list[Job]]) -> dict[str, list[Job]]:
    """Give the newest job of each kind its log, with one question for all."""
    newest = {rows[0].pk: rows[0] for rows in jobs.values() if rows}
    for pk, log in Job.objects.filter(pk__in=newest).values_list("pk", "log"):
        newest[pk].log = log
    return jobs


def _silence(kinds: Iterable[Kind]) -> str:
    """Return why nothing runs, where a job waits for longer than a start takes; else nothing."""
    began = timezone.now() - START
    newest = [kind.newest.job for kind in kinds if kind.newest is not None]
    if not any(job.state == Job.State.QUEUED and job.queued_at < began for job in newest):
        return ""
    found = checks.worker()
    return "" if found.ok else found.detail


@owner_only
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Show each kind of job, and below all jobs that are kept, the newest first."""
    page = Paginator(Job.objects.defer("log"), A_PAGE).get_page(request.GET.get("page"))
    there = list(_kinds(_with_logs(schedules.newest())))
    context = {
        "kinds": there,
        "page": page,
        "rows": [Told(job) for job in page],
        "silence": _silence(there),
    }
    return render(request, "settings/jobs.html", context)


@owner_only
@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one job with its whole log."""
    return render(request, "settings/job.html", {"each": Told(get_object_or_404(Job, pk=pk))})


@owner_only
@require_GET
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Show how a kind of job is now: the part of the page that follows it."""
    return _now(request, kind)


def _now(request: HttpRequest, kind: str) -> HttpResponse:
    if not by_htmx(request):
        return redirect("jobs")
    found = next(
        (each for each in _kinds(_with_logs(schedules.newest())) if each.key == kind), None
    )
    if found is None:
        raise Http404
    return render(
        request, "settings/_kind_follows.html", {"kind": found, "moved": _moved(request, found)}
    )


def _moved(request: HttpRequest, found: Kind) -> bool:
    """Tell whether a state is new to the page, which then says it aloud."""
    return found.newest is not None and request.GET.get("was") != found.newest.job.state


@owner_only
@require_POST
def run(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask the worker for a job of this kind."""
    if kind not in schedules.hours():
        raise Http404
    asked: dict[str, Any] = ASKED.get(kind, {})
    queue.request(kind, **asked)
    return _now(request, kind)


@owner_only
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job: at once where it waits, at its next step where it runs."""
    row = get_object_or_404(Job, pk=pk)
    if not stop(row, _name_of(request.user)):
        messages.info(request, _("That job had ended already."))
    elif row.state == Job.State.RUNNING:
        messages.success(request, _("It stops at its next step. What it did so far stays."))
    return _now(request, row.kind)


def _name_of(user: Any) -> str:
    """Return what the household calls this user."""
    viewer = user.viewer if isinstance(user, User) and hasattr(user, "viewer") else None
    return str(viewer or user.get_username())
