"""The settings page: how each part of MoodRec stands, in words, and the way to change it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings as configured
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from knox.models import AuthToken

from moodrec import backup, device
from moodrec.jobs import kinds, schedules
from moodrec.jobs.models import Job
from moodrec.pages import outbound
from plexsync.models import Connection, Library, Viewer
from recommender.giving import SWITCHES

LOOK_COOKIE = "moodrec_look"
LOOKS = ("dark", "light")  # anything else: as the device
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the page: a part of MoodRec, and how it stands."""

    name: str
    state: str
    url: str
    """Its page's name in the addresses."""
    bad: bool = False
    part: str = ""
    """The element of that page."""


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show the owner every part; members what is theirs."""
    row = Connection.current()
    context = {
        "plex": row,  # for the banner, which would ask once more
        "home": _home(row) if request.user.is_staff else [],
        "work": _work() if request.user.is_staff else [],
        "leaving": outbound.summary(row) if request.user.is_staff else "",
        "keys": _keys(request.user),
        "zone": timezone.get_current_timezone_name(),
        "zone_of_device": request.COOKIES.get(device.COOKIE)
        == timezone.get_current_timezone_name(),
        "look": request.COOKIES.get(LOOK_COOKIE, ""),
        "version": configured.VERSION,
    }
    return render(request, "settings/settings.html", context)


def _home(row: Connection | None) -> list[Part]:
    here = Viewer.objects.filter(enabled=True).count()
    people = ngettext("%(count)s person is here", "%(count)s people are here", here)
    return [
        _plex(row),
        Part(_("Libraries"), _libraries(row), "sync"),
        Part(_("Who lives here"), people % {"count": here}, "people"),
        Part(_("Giving back"), _giving(row), "giving"),
    ]


def _plex(row: Connection | None) -> Part:
    if row is None:
        return Part(_("Plex"), _("Not connected yet"), "connect", bad=True)
    if row.state == Connection.State.OK:
        told = _("The demo library") if row.is_demo else _("Connected to %(name)s")
        return Part(_("Plex"), told % {"name": row}, "connect")
    bad = row.state != Connection.State.NEW
    return Part(_("Plex"), _("%(name)s does not let MoodRec in") % {"name": row}, "connect", bad)


def _libraries(row: Connection | None) -> str:
    found = Library.objects.filter(connection=row).aggregate(
        on=Count("pk", filter=Q(enabled=True), distinct=True),
        all=Count("pk", distinct=True),
        count=Count("items", filter=Q(enabled=True, items__available=True)),
    )
    told = ngettext(
        "%(on)s of %(all)s read: %(count)s title",
        "%(on)s of %(all)s read: %(count)s titles",
        found["count"],
    )
    return told % {**found, "count": intcomma(found["count"])}


def _giving(row: Connection | None) -> str:
    on = sum(bool(row and getattr(row, name)) for name in SWITCHES)
    told = ngettext("%(count)s switch is on", "%(count)s switches are on", on)
    return told % {"count": on} if on else _("Off: nothing is written to Plex")


def _work() -> list[Part]:
    newest = {kind: rows[0] for kind, rows in schedules.newest().items()}
    hours = schedules.hours()
    on = sum(bool(every) for every in hours.values())
    scheduled = _("%(on)s of %(all)s run by themselves") % {"on": on, "all": len(hours)}
    return [
        _jobs(newest),
        Part(_("Schedules"), scheduled, "schedules"),
        _backups(),
    ]


def _jobs(newest: dict[str, Job]) -> Part:
    running = [kinds.name(kind) for kind, job in newest.items() if job.state == Job.State.RUNNING]
    failed = [kinds.name(kind) for kind, job in newest.items() if job.state == Job.State.FAILED]
    if failed:
        told = _("It did not work: %(names)s") % {"names": ", ".join(failed)}
    elif running:
        told = _("Running: %(names)s") % {"names": ", ".join(running)}
    else:
        told = _("All is well") if newest else _("Nothing ran yet")
    return Part(_("Jobs"), told, "jobs", bad=bool(failed))


def _backups() -> Part:
    copies = backup.kept()
    told = ngettext("%(count)s kept", "%(count)s kept", len(copies)) % {"count": len(copies)}
    return Part(_("Backups"), told if copies else _("None yet"), "backups")


def _keys(user: Any) -> str:
    count = AuthToken.objects.filter(**({} if user.is_staff else {"user": user})).count()
    told = ngettext("%(count)s key", "%(count)s keys", count) % {"count": count}
    return told if count else _("None: no program but this page reaches MoodRec")


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Let this browser be dark or light from now on, or as the device is."""
    answer = redirect("settings")
    wanted = request.POST.get("look")
    path = configured.SESSION_COOKIE_PATH
    if wanted in LOOKS:
        answer.set_cookie(
            LOOK_COOKIE, wanted, max_age=A_YEAR, path=path, secure=configured.HTTPS, samesite="Lax",
            httponly=True,
        )  # fmt: skip
    else:
        answer.delete_cookie(LOOK_COOKIE, path=path)
    messages.success(request, _("This browser shows MoodRec so from now on."))
    return answer
