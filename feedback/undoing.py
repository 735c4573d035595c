"""Undo: what an action changed in the log is remembered in the session, and put back exactly.

Nothing is undone where somebody changed the same rows since: theirs is the newer word.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback import log
from feedback.models import Feedback, StarsTakenBack, Suggestion
from feedback.way_back import back

KEPT = 8  # actions that can be taken back, the newest
_SESSION = "undo"
_SENT = "rating_sent"  # changes by itself, when Plex was told
_FIXED = {"candidate", "reasons", "drawback"}  # of a suggestion: long, and written once

Row = dict[str, Any]
Rows = dict[str, Row]
Queries = Sequence["models.QuerySet[Any]"]


def undoably(
    request: HttpRequest, rows: Queries, act: Callable[[], object], *, at: str = ""
) -> str:
    """Do it, and return the address that takes it back; "" where it changed none of these rows.

    ``at``: the id of the place on the page to come back to.
    """
    with transaction.atomic():
        before = _snapshot(rows)
        act()
        after = _snapshot(rows)
    touched = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if not touched:
        return ""
    changes = [[key, before.get(key), after.get(key)] for key in touched]
    address = reverse("undo", args=[_remembered(request, changes)])
    return f"{address}?at={at}" if at else address


def _snapshot(rows: Queries) -> Rows:
    """Return every column of these rows, in words that JSON knows."""
    return {
        f"{_options(query.model).label_lower}:{values['id']}": _plainly(values)
        for query in rows
        for values in query.values(*_columns(query.model))
    }


def _options(model: Any) -> Any:
    return model._meta  # noqa: SLF001 (public by its documentation)


def _plainly(values: Mapping[str, Any]) -> Row:
    return {name: _plain(value) for name, value in values.items()}


def _columns(model: "type[models.Model]") -> list[str]:
    fixed = _FIXED if model is Suggestion else set()
    return [field.attname for field in _options(model).concrete_fields if field.name not in fixed]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _remembered(request: HttpRequest, changes: list[Any]) -> str:
    key = secrets.token_urlsafe(9)
    kept = list(request.session.get(_SESSION, {}).items())[1 - KEPT :]
    request.session[_SESSION] = {**dict(kept), key: changes}
    return key


@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Put back what the action changed, and say so; ``?at=`` names the place on the page."""
    known = dict(request.session.get(_SESSION, {}))
    changes = known.pop(key, None)
    request.session[_SESSION] = known
    if changes is None:
        messages.error(request, _("That can’t be undone any more."))
    elif take_back(changes):
        messages.success(request, _("Taken back."))
    else:
        messages.error(request, _("It was changed since, so nothing was taken back."))
    return back(request, at=request.GET.get("at", ""))


def forget_everywhere(request: HttpRequest) -> None:
    """Drop what any browser could take back: it holds copies of rows that are deleted for good."""
    request.session.pop(_SESSION, None)
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=200):
        known = row.get_decoded()
        if known.pop(_SESSION, None):
            data = Session.objects.encode(known)
            Session.objects.filter(pk=row.pk).update(session_data=data)


def take_back(changes: Iterable[Sequence[Any]]) -> bool:
    """Make these rows what they were before; tell whether that was done: all of them, or none."""
    try:
        with transaction.atomic():
            for key, before, after in changes:
                _restore(key, before, after)
    except (_Changed, IntegrityError):
        return False
    return True


class _Changed(Exception):
    """A row is not what the action had left."""


def _restore(key: str, before: Row | None, after: Row | None) -> None:
    label, pk = key.split(":")
    model: Any = apps.get_model(label)
    rows = model.objects.filter(pk=pk)
    now = _snapshot([rows]).get(key)
    if not _same(now, after):
        raise _Changed
    if before is None:
        rows.delete()
    elif after is None:
        model(**_values(model, before)).save_base(raw=True, force_insert=True)
    else:
        changed = {name: before[name] for name in before if before[name] != after[name]}
        rows.update(**_values(model, changed))
    _tell_plex(model, before, now)


def _same(now: Row | None, after: Row | None) -> bool:
    if now is None or after is None:
        return now is after
    return {**now, _SENT: None} == {**after, _SENT: None}


def _values(model: Any, row: Mapping[str, Any]) -> Row:
    """Return the columns as Python knows them."""
    fields = {field.attname: field for field in _options(model).concrete_fields}
    return {name: fields[name].to_python(value) for name, value in row.items()}


def _tell_plex(model: Any, before: Row | None, now: Row | None) -> None:
    """See to it that Plex hears of the earlier stars again, or of none, where it was told others."""
    if model is not Feedback or (before or {}).get(_SENT) == (now or {}).get(_SENT):
        return
    if before:
        Feedback.objects.filter(pk=before["id"]).update(rating_sent=None)
    if before and before["rating"]:
        StarsTakenBack.objects.filter(viewer=before["viewer_id"], item=before["item_id"]).delete()
        log.send_stars()
    elif now and now[_SENT]:
        log.stars_gone(now["viewer_id"], now["item_id"])
