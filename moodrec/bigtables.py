"""Admin lists that stay fast over a million rows: capped counts, lean columns, no dropdown of everything."""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Manager, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from rest_framework.pagination import LimitOffsetPagination

from moodrec import columns
from moodrec.phrases import PhraseField, told

CAP = 10_000  # rows; who wants to see more of them narrows the list
CHOICES = 50  # in a filter

RowT = TypeVar("RowT", bound=Model)


class AtLeast(int):
    """A count that was given up at the cap; reads "10,000+"."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class CappedPaginator(Paginator[Any]):
    """Pages over the first rows only: neither the count nor the last page walks the table."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        found = rows.order_by()[: CAP + 1].count()
        return AtLeast(CAP) if found > CAP else found


class LeanChangeList(ChangeList):
    """A list that reads only the columns it shows; the page of a single row reads them all."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        rows = super().get_queryset(*args, **kwargs)
        columns: Sequence[str] = getattr(self.model_admin, "list_columns", ())
        return rows.only(*columns) if columns else rows


class BigTableAdmin(admin.ModelAdmin[RowT]):
    """An admin for a table of any size."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would be a count of its own
    list_per_page = 50
    sortable_by: ClassVar[Any] = ()  # only what has an index
    list_columns: ClassVar[Sequence[str]] = ()

    def __init__(self, model: type[RowT], admin_site: admin.AdminSite) -> None:
        columns.name(model)
        super().__init__(model, admin_site)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self._told(super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: RowT | None = None) -> list[Any]:
        return self._told(super().get_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: RowT | None = None) -> list[Any]:
        return self._told(super().get_readonly_fields(request, obj))

    def _told(self, names: Sequence[Any]) -> list[Any]:
        """Replace the columns of stored sentences: a reader gets them in their own language."""
        return [self._sentences.get(name, name) for name in names]

    @cached_property
    def _sentences(self) -> dict[Any, Any]:
        fields = self.opts.fields
        return {each.name: told_column(each) for each in fields if isinstance(each, PhraseField)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LeanChangeList


def told_column(field: PhraseField) -> Any:
    """Return a column that tells what this field stores."""

    @admin.display(description=field.verbose_name)
    def column(row: Any) -> str:
        return told(getattr(row, field.name))

    column.__name__ = field.name  # style sheets know it by that
    return column


class ReadOnlyAdmin(BigTableAdmin[RowT]):
    """A mirror or a log: to look at, not to change by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RowT | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RowT | None = None) -> bool:
        return False


class TextFilter(admin.SimpleListFilter):
    """A filter that is typed, for columns with too many values to list."""

    template = "admin/text_filter.html"
    hint = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        kept = {
            name: values
            for name, values in changelist.filter_params.items()
            if name != self.parameter_name
        }
        yield {
            "kept": [(name, value) for name, values in kept.items() for value in values],
            "value": self.value() or "",
            "clear": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "suggested": self.suggested(),
        }

    def suggested(self) -> list[str]:
        """Return some values to choose from."""
        return []


class FewRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row, of which at most a handful is offered."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = field.related_model.objects.order_by("pk")[:CHOICES]
        return [(row.pk, str(row)) for row in rows]


def first(rows: QuerySet[Any], column: str = "pk", most: int | None = None) -> QuerySet[Any]:
    """Return the column of the first rows, no more than a list shows, to narrow another table by.

    The limit keeps the database from walking all of the other table for a frequent value.
    """
    return rows.values(column)[: most or CAP + 1]


def link(row: Model | None, label: str = "") -> SafeString | str:
    """Return a link to the row's page in the admin."""
    if row is None:
        return "-"
    return format_html('<a href="{}">{}</a>', page_of(row), label or str(row))


def page_of(row: Model) -> str:
    """Return the address of the row's page in the admin."""
    return reverse(f"admin:{_name(type(row))}_change", args=[row.pk])


def links_to(rows: Manager[Any], **narrowed: Any) -> SafeString:
    """Return a link to another table's list, narrowed to what belongs to a row, with how many."""
    found = rows.filter(**narrowed).order_by()[: CAP + 1].count()
    opts = admin.site.get_model_admin(rows.model).opts
    name = opts.verbose_name if found == 1 else opts.verbose_name_plural
    address = reverse(f"admin:{_name(rows.model)}_changelist")
    count = AtLeast(CAP) if found > CAP else found
    return format_html('<a href="{}?{}">{} {}</a>', address, urlencode(narrowed), count, name)


def _name(model: type[Model]) -> str:
    opts = admin.site.get_model_admin(model).opts
    return f"{opts.app_label}_{opts.model_name}"


def pretty(value: Any) -> SafeString:
    """Return JSON for reading, its numbers to four places."""
    text = json.dumps(_rounded(value), indent=2, ensure_ascii=False, sort_keys=True, default=str)
    return format_html('<pre class="json">{}</pre>', text)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


class Pages(LimitOffsetPagination):
    """The API's pages: nobody fetches a whole table at once."""

    max_limit = 200
