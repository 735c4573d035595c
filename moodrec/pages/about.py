"""About this MoodRec: its version, whether its parts work together, whose work it stands on."""

import re
from functools import cache
from importlib import metadata

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from moodrec.checks import checks

PAPERS: dict[str, tuple[str, Promise]] = {
    "readme": ("README.md", _("How to run it, and every setting")),
    "walkthrough": ("docs/walkthrough.md", _("A walk through its pages")),
    "learning": ("docs/learning.md", _("How it learns, with figures")),
    "changes": ("CHANGELOG.md", _("What changed")),
    "security": ("SECURITY.md", _("Security: what is protected, and whom to tell")),
    "licence": ("LICENSE", _("MoodRec’s own licence")),
}
_NAMED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", re.MULTILINE)


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Show the version and the licences; to the owner also how each part is."""
    context = {
        "version": settings.VERSION,
        "checks": checks() if request.user.is_staff else [],
        "folder": settings.DATA_DIR if request.user.is_staff else "",
        "papers": [(key, told) for key, (file, told) in PAPERS.items() if _is_here(file)],
        "licences": licences(),
    }
    return render(request, "settings/about.html", context)


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """Show one of the documents that came with MoodRec, as it was written."""
    file, told = PAPERS.get(key, ("", ""))
    if not file or not _is_here(file):
        raise Http404
    text = (settings.BASE_DIR / file).read_text(encoding="utf-8")
    return render(request, "settings/paper.html", {"name": told, "text": text})


def _is_here(file: str) -> bool:
    return (settings.BASE_DIR / file).is_file()


@cache
def licences() -> list[tuple[str, str, str]]:
    """Return name, version and licence of every package that MoodRec needs."""
    named = _NAMED.findall((settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8"))
    found = [_licence(name) for name in sorted(set(named), key=str.lower)]
    return [each for each in found if each is not None]


def _licence(name: str) -> tuple[str, str, str] | None:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # for another kind of machine
        return None
    return told["Name"], told["Version"], _named(told)


def _named(told: metadata.PackageMetadata) -> str:
    """Return the licence as the package names it: as an expression, by classifier, or in words."""
    if expressions := told.get_all("License-Expression"):
        return str(expressions[0])
    classified = [
        each for each in told.get_all("Classifier") or [] if each.startswith("License ::")
    ]
    if classified:
        return ", ".join(each.rpartition(" :: ")[2] for each in classified)
    words: str = next(iter(told.get_all("License") or []), "")
    return words.strip().partition("\n")[0][:80] or "see the package"
