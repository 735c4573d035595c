"""The model's versions in the admin: how good each is, which is in use, and the way back; fresh starts."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mlmodel import registry, serving
from mlmodel.models import FreshStart, ModelVersion
from mlmodel.moodtable.admin import MoodRuleAdmin
from moodrec.bigtables import ReadOnlyAdmin, pretty
from moodrec.jobs.admin import ButtonAdmin, retrain_now
from moodrec.phrases import told

__all__ = ["ModelVersionAdmin", "MoodRuleAdmin"]  # Django looks for both here


@admin.action(description=_("Put to use"))
def activate(_admin: Any, request: HttpRequest, rows: QuerySet[ModelVersion]) -> None:
    chosen = list(rows[:2])
    if len(chosen) != 1:
        messages.error(request, _("Choose the one version to put to use."))
        return
    if fault := serving.fault(chosen[0]):
        messages.error(
            request,
            _("Version %(number)s can’t be put to use: %(cause)s.")
            % {"number": chosen[0].number, "cause": told(fault)},
        )
        return
    registry.activate(chosen[0])
    messages.success(request, _("Version %(number)s is in use.") % {"number": chosen[0].number})


@admin.action(description=_("Roll back"))
def roll_back(_admin: Any, request: HttpRequest, _rows: QuerySet[ModelVersion]) -> None:
    """Put the version before the active one to use, whatever is selected."""
    row = registry.rollback()
    if row is None:
        messages.error(request, _("There is no version before the one in use."))
    else:
        messages.success(
            request, _("Rolled back: version %(number)s is in use.") % {"number": row.number}
        )


@admin.action(description=_("Use none"))
def use_none(_admin: Any, request: HttpRequest, _rows: QuerySet[ModelVersion]) -> None:
    registry.reset()
    messages.success(request, _("The model is switched off: the house rules score."))


@admin.register(ModelVersion)
class ModelVersionAdmin(ButtonAdmin[ModelVersion], ReadOnlyAdmin[ModelVersion]):
    list_display = ["number", "active", "kind", "examples", "verdict", "trained_at"]
    list_columns = [  # neither what it believes nor its metrics, which are long
        "number", "active", "kind", "examples", "verdict", "trained_at",
    ]  # fmt: skip
    list_filter = ["active", "kind"]
    actions = [activate, roll_back, use_none, retrain_now]
    list_buttons = [retrain_now, roll_back, use_none]
    row_buttons = [activate]
    fields: ClassVar[Any] = [
        "number", "active", "accepted", "kind", "examples", "verdict", "trained_at", "inputs",
        "metrics_pretty", "insight_pretty",
    ]  # fmt: skip

    def view_on_site(self, _row: ModelVersion) -> str:
        return reverse("model")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return super().get_queryset(request).defer("artifact")

    @admin.display(description=_("metrics"))
    def metrics_pretty(self, row: ModelVersion) -> SafeString:
        return pretty(row.metrics)

    @admin.display(description=_("what it believes"))
    def insight_pretty(self, row: ModelVersion) -> SafeString:
        return pretty(row.insight)


@admin.register(FreshStart)
class FreshStartAdmin(ReadOnlyAdmin[FreshStart]):
    """When learning began anew; begun, and taken back, on the model page."""

    list_display = ["at", "by"]
    list_select_related: ClassVar[Any] = ["by"]
    ordering = ["-at"]
    fields: ClassVar[Any] = ["at", "by"]
