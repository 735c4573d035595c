"""The pages and answers that belong to no app: welcome, the owner's account, health, errors."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from mlmodel.registry import active
from moodrec.jobs.models import Heartbeat
from moodrec.security.models import OneTimeLink
from plexsync.models import Viewer

MAY_SET_UP = "may-set-up"  # in the session of whoever opened the first-run link
BACKEND = "django.contrib.auth.backends.ModelBackend"
STALE_SECONDS = 180  # six ticks without a sign of the worker


@login_not_required
@never_cache
@require_GET
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Use up a one-time link: sign its user in, or go on to the first run."""
    link = OneTimeLink.redeem(token)
    if link is None:
        return render(request, "welcome_used.html", status=410)
    if link.user is not None:
        login(request, link.user, backend=BACKEND)
        return redirect("tonight")
    request.session[MAY_SET_UP] = True
    return redirect("owner")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Make the first account, which owns the install; open only to who used the first-run link."""
    if User.objects.filter(is_active=True).exists():
        return redirect("tonight")
    if not request.session.get(MAY_SET_UP):
        return render(request, "welcome_locked.html", status=403)
    form = UserCreationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _make_owner(form)
        if user is not None:
            login(request, user, backend=BACKEND)
            return redirect("connect")
        return redirect("tonight")
    return render(request, "owner.html", {"form": form})


def _make_owner(form: Any) -> User | None:
    """Store the owner with a viewer; None where somebody else was first."""
    with transaction.atomic():
        if User.objects.filter(is_active=True).exists():
            return None
        user: User = form.save(commit=False)
        user.is_staff = user.is_superuser = True
        user.save()
        Viewer.add(user.username, user=user, owns_plex_state=True)
    return user


@login_not_required
@never_cache
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the parts work together; which of them does not is for the owner to know."""
    checks = _checks()
    ready = all(ok for name, (ok, _detail) in checks.items() if name in {"database", "migrations"})
    answer: dict[str, Any] = {"status": "ok" if ready else "unavailable"}
    if ready and not all(ok for ok, _detail in checks.values()):
        answer["status"] = "degraded"
    if ready and request.user.is_staff:
        answer["checks"] = {name: {"ok": ok, "detail": text} for name, (ok, text) in checks.items()}
    return JsonResponse(answer, status=200 if ready else 503)


def _checks() -> dict[str, tuple[bool, str]]:
    database = _database()
    if not database[0]:
        return {"database": database, "migrations": (False, "unknown")}
    return {
        "database": database,
        "migrations": _migrations(),
        "worker": _worker(),
        "model": _model(),
        "disk": _disk(),
    }


def _database() -> tuple[bool, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return False, type(error).__name__
    return True, connection.vendor


def _migrations() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not waiting, f"{len(waiting)} waiting"


def _worker() -> tuple[bool, str]:
    """The tick comes from the scheduler, through the broker, to the worker: one sign for all three."""
    beat = Heartbeat.objects.filter(name="tick").first()
    if beat is None:
        return False, "scheduler, broker and worker were not seen yet"
    age = int((timezone.now() - beat.seen_at).total_seconds())
    return age < STALE_SECONDS, f"seen {age} seconds ago"


def _model() -> tuple[bool, str]:
    version = active()
    return True, f"version {version.number}" if version else "the prior scores"


def _disk() -> tuple[bool, str]:
    import shutil  # noqa: PLC0415

    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    return free > 200, f"{free} MiB free"  # noqa: PLR2004


class ApiRoot(APIView):
    """MoodRec's API: everything that is not /recommend, /feedback and /train."""

    def get(self, request: Request) -> Response:
        names = (
            "recommend", "feedback", "train", "media", "asks", "favorites", "viewers", "jobs",
            "sync", "models", "schema", "docs",
        )  # fmt: skip
        return Response({name: reverse(f"api-{name}", request=request) for name in names})
