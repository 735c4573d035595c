"""The backups page: which copies of the database there are, a new one, one to take away, one less."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moodrec import backup
from plexsync.pages.access import owner_only


@owner_only
@require_GET
def backups(request: HttpRequest) -> HttpResponse:
    """Show the copies there are, the newest first."""
    context = {"copies": backup.kept(), "most": backup.KEEP, "here": backup.database_path()}
    return render(request, "settings/backups.html", context)


@owner_only
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Copy the database now."""
    try:
        made = backup.backup()
    except (backup.BackupFailed, OSError) as error:
        told = _("No backup was made: %(cause)s Older ones are untouched.")
        messages.error(request, told % {"cause": error})
    else:
        _tell(request, made)
    return redirect("backups")


def _tell(request: HttpRequest, made: Path | None) -> None:
    if made is None:
        messages.error(request, _("PostgreSQL is copied by its own tool: pg_dump."))
        return
    size = filesizeformat(made.stat().st_size)
    messages.success(request, _("Backed up and checked: %(size)s.") % {"size": size})


@owner_only
@require_GET
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand a copy out. It is private: everything the household said is in it."""
    try:
        file = backup.to_take_away(_found(name).path)
    except backup.BackupFailed as error:
        told = _("The backup can’t be handed out: %(cause)s Make room on the disk, then try again.")
        messages.error(request, told % {"cause": error})
        return redirect("backups")
    answer = FileResponse(file, as_attachment=True, filename=name)
    answer["Content-Type"] = "application/vnd.sqlite3"
    answer["Cache-Control"] = "no-store"
    return answer


@owner_only
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Ask once more, then delete a copy."""
    copy = _found(name)
    if request.method == "POST":
        copy.path.unlink(missing_ok=True)
        messages.success(request, _("The backup is deleted."))
        return redirect("backups")
    return render(request, "settings/backup_delete.html", {"copy": copy})


def _found(name: str) -> backup.Copy:
    """Return the copy of this name: one of those that are listed, so no other file can be meant."""
    copy = next((copy for copy in backup.kept() if copy.name == name), None)
    if copy is None:
        raise Http404
    return copy
