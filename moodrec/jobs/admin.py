"""The jobs in the admin, and buttons that ask for one: above a list or a row, always by POST."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moodrec.bigtables import BigTableAdmin, ReadOnlyAdmin, link, pretty
from moodrec.jobs import kinds, queue
from moodrec.jobs.models import Heartbeat, Job, Schedule
from moodrec.phrases import told

admin.site.site_header = "MoodRec"
admin.site.site_title = "MoodRec"
admin.site.index_title = _("Back office")
admin.site.site_url = None  # our header has a way back of its own

RowT = TypeVar("RowT", bound=Model)
Action = Callable[[Any, HttpRequest, QuerySet[Any]], None]


class ButtonAdmin(BigTableAdmin[RowT]):
    """An admin whose actions also stand as buttons above the list, so that they work on an empty one.

    `row_buttons` stand above a single row, and get it alone.
    """

    change_list_template = "admin/button_list.html"
    change_form_template = "admin/button_form.html"
    list_buttons: ClassVar[Sequence[Action]] = ()
    row_buttons: ClassVar[Sequence[Action]] = ()

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"{_name(button)}/", self._door(button), name=self._url_name(button))
            for button in self.list_buttons
        ]
        rows = [
            path(
                f"<path:object_id>/{_name(button)}/",
                self._door(button),
                name=f"{self._url_name(button)}_row",
            )
            for button in self.row_buttons
        ]
        return [*own, *rows, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        buttons = [
            (_label(button), reverse(f"admin:{self._url_name(button)}"))
            for button in self.list_buttons
        ]
        return super().changelist_view(request, {**(extra_context or {}), "buttons": buttons})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        buttons = [
            (_label(button), reverse(f"admin:{self._url_name(button)}_row", args=[object_id]))
            for button in self.row_buttons
        ]
        context = {**(extra_context or {}), "buttons": buttons}
        return super().change_view(request, object_id, form_url, context)

    def _url_name(self, button: Action) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{_name(button)}"

    def _door(self, button: Action) -> Any:
        def press(request: HttpRequest, object_id: str | None = None) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            rows = self.get_queryset(request)
            base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
            if object_id is None:
                button(self, request, rows.none())
                return redirect(f"{base}_changelist")
            row = self.get_object(request, unquote(object_id))
            if row is None:
                raise Http404
            button(self, request, rows.filter(pk=row.pk))
            return redirect(f"{base}_change", quote(row.pk))

        return self.admin_site.admin_view(require_POST(press))


def _name(button: Action) -> str:
    return str(getattr(button, "__name__", ""))


def _label(button: Action) -> str:
    return str(getattr(button, "short_description", _name(button)))


def request_job(request: HttpRequest, kind: str, **arguments: bool) -> None:
    """Ask for a job of this kind, and tell where to watch it."""
    job = queue.request(kind, **arguments)
    named = link(job, f"{kinds.name(kind)} {job.pk}")
    said = format_html(gettext("{job}: {state}"), job=named, state=kinds.state(job))
    messages.success(request, said)


@admin.action(description=_("Sync now"))
def sync_now(_admin: Any, request: HttpRequest, _rows: QuerySet[Any]) -> None:
    request_job(request, "sync")


@admin.action(description=_("Retrain now"))
def retrain_now(_admin: Any, request: HttpRequest, _rows: QuerySet[Any]) -> None:
    request_job(request, "train", asked=True)


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kinds.name(kind)) for kind in settings.JOB_KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ButtonAdmin[Job], ReadOnlyAdmin[Job]):
    list_display = ["name", "state", "bar", "duration", "created_at", "detail"]
    list_columns = [  # not the log, which is long
        "kind", "state", "progress", "detail", "created_at", "started_at", "finished_at",
    ]  # fmt: skip
    list_filter = [KindFilter, "state", ("created_at", admin.DateFieldListFilter)]
    search_fields = ["detail"]
    search_help_text = _("What it said")
    actions = [sync_now, retrain_now]
    list_buttons = [sync_now, retrain_now]
    fields = [
        "does", "state", "cancelled", "bar", "detail", "log_pretty", "result_pretty", "arguments_pretty", "attempt",
        "created_at", "queued_at", "started_at", "finished_at", "duration", "lease_until",
    ]  # fmt: skip

    def view_on_site(self, job: Job) -> str:
        return reverse("job", args=[job.pk])

    @admin.display(description=_("job"))
    def name(self, job: Job) -> str:
        return f"{kinds.name(job.kind)} {job.pk}"

    @admin.display(description=_("kind"))
    def does(self, job: Job) -> str:
        return kinds.name(job.kind)

    @admin.display(description=_("progress"))
    def bar(self, job: Job) -> SafeString:
        percent = round(job.progress * 100)
        return format_html(
            '<progress max="100" value="{}">{} %</progress> {} %', percent, percent, percent
        )

    @admin.display(description=_("duration"))
    def duration(self, job: Job) -> str:
        if job.started_at is None:
            return "-"
        length = (job.finished_at or timezone.now()) - job.started_at
        return str(timedelta(seconds=round(length.total_seconds())))

    @admin.display(description=_("result"))
    def result_pretty(self, job: Job) -> SafeString:
        return pretty(job.result)

    @admin.display(description=_("log"))
    def log_pretty(self, job: Job) -> SafeString:
        return pretty([[seconds, told(said)] for seconds, said in job.steps])

    @admin.display(description=_("arguments"))
    def arguments_pretty(self, job: Job) -> SafeString:
        return pretty(job.arguments)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin[Schedule]):
    """What the household chose on the page of schedules; no row: as configured."""

    list_display = ["does", "every_hours"]
    ordering: ClassVar[Any] = ["kind"]

    @admin.display(description=_("kind"))
    def does(self, row: Schedule) -> str:
        return kinds.name(row.kind)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin[Heartbeat]):
    list_display = ["name", "seen_at"]
