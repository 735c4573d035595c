"""The front page of the back office: how much there is, how it stands, and what needs a look."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from feedback.models import Ask, Feedback
from mlmodel.models import ModelVersion
from moodrec.jobs import schedules
from moodrec.jobs.models import Job
from moodrec.pages.jobs import Told
from plexsync.models import Connection, MediaItem, Viewer

FAILURES = 5  # shown of the newest


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the household, and where it is looked into."""

    count: int
    name: str
    url: str


def _front(request: HttpRequest) -> HttpResponse:
    jobs = schedules.newest()
    context: dict[str, Any] = {
        "figures": _figures(),
        "server": Connection.current(),
        "sync": _newest(jobs.get("sync", [])),
        "active": ModelVersion.objects.defer("artifact", "insight").filter(active=True).first(),
        "failures": _failures(jobs),
    }
    return admin.site.index(request, context)


front = admin.site.admin_view(require_GET(_front))


def _figures() -> list[Figure]:
    counted = [
        (MediaItem.objects.on_offer(), _("titles on offer"), "plexsync_mediaitem"),
        (Viewer.objects.filter(enabled=True), _("viewers"), "plexsync_viewer"),
        (Ask.objects.all(), _("asks"), "feedback_ask"),
        (Feedback.objects.all(), _("answers"), "feedback_feedback"),
    ]
    return [
        Figure(rows.count(), name, reverse(f"admin:{model}_changelist"))
        for rows, name, model in counted
    ]


def _newest(jobs: list[Job]) -> Told | None:
    return Told(jobs[0]) if jobs else None


def _failures(jobs: dict[str, list[Job]]) -> list[Told]:
    """Return the newest jobs that failed, with nothing of their kind done since."""
    failed = [rows[0] for rows in jobs.values() if rows[0].state == Job.State.FAILED]
    return [Told(job) for job in sorted(failed, key=lambda job: -job.pk)[:FAILURES]]
