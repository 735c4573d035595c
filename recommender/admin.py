"""Guests in the admin: whose evenings they came to, and what they wished for. No link is shown."""

from typing import Any, ClassVar

from django.contrib import admin

from moodrec.bigtables import ReadOnlyAdmin
from recommender.models import Gathering, Guest


class GuestInline(admin.TabularInline[Guest, Gathering]):
    model = Guest
    fields: ClassVar[Any] = ["name", "vibe", "avoid", "here_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Gathering)
class GatheringAdmin(ReadOnlyAdmin[Gathering]):
    list_display = ["__str__", "host", "began_at", "ends_at"]
    list_columns = ["host__username", "began_at", "ends_at"]
    list_select_related: ClassVar[Any] = ["host"]
    ordering = ["-began_at"]
    fields: ClassVar[Any] = ["host", "ask", "began_at", "ends_at"]
    inlines: ClassVar[Any] = [GuestInline]


@admin.register(Guest)
class GuestAdmin(ReadOnlyAdmin[Guest]):
    list_display = ["name", "gathering", "here_at"]
    list_select_related: ClassVar[Any] = ["gathering__host"]
    ordering = ["-pk"]
    fields: ClassVar[Any] = ["name", "gathering", "vibe", "avoid", "here_at"]
