"""The mood table in the back office: every number to see, change and put back, and titles to try it on."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.moodnames import mood_name
from mlmodel.models import MoodRule
from mlmodel.moods import Rule, plain
from mlmodel.moodtable import page as mood_page
from mlmodel.moodtable import rules as mood_rules
from mlmodel.moodtable.table import MOODS, MOST_WORDS
from mlmodel.records import number
from moodrec.bigtables import BigTableAdmin
from plexsync.models import MediaItem

BOUND = 5.0
FIELD = "genre|"  # a field of the grid is named genre|comedy|funny|3.2: the number is the one shown
MOST_FOUND = 8


class BadNumber(ValueError):
    """What was typed is no number of the table; the message says what to type instead."""


@admin.register(MoodRule)
class MoodRuleAdmin(BigTableAdmin[MoodRule]):
    """One page instead of a list and forms: a rule means something only beside the table."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        doors = [
            ("grid/", self._grid, "grid"),
            ("say/", self._say, "say"),
            ("<int:pk>/put-back/", self._put_back, "put_back"),
        ]
        return [
            path("", view(self.changelist_view), name="mlmodel_moodrule_changelist"),
            *(
                path(
                    address,
                    view(require_POST(self._guarded(door))),
                    name=f"mlmodel_moodrule_{name}",
                )
                for address, door, name in doors
            ),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        table, counted = mood_rules.table(), mood_page.genres_counted()
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            **_tried(request.GET),
            "title": _("Moods"),
            "opts": self.opts,
            "moods": MOODS,
            "signs": [MoodRule.Sign.WORD, MoodRule.Sign.COLLECTION],
            "unknown": mood_page.unknown(table, counted),
            "grid": mood_page.grid(table, counted),
            "own": mood_page.own(),
            "words": list(mood_page.words()),
            "collections": mood_page.collections(),
            "pairs": mood_page.pairs(),
            "steps": list(mood_page.steps()),
            "most_words": MOST_WORDS,
        }
        return TemplateResponse(request, "admin/mlmodel/moods.html", context)

    def _guarded(self, door: Any) -> Any:
        """Return the view that lets in who may change rules, and comes back to the page."""

        def press(request: HttpRequest, **named: int) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            try:
                messages.success(request, door(request, **named))
            except BadNumber as error:
                messages.error(request, str(error))
            return redirect(_page(request.POST))

        return press

    def _grid(self, request: HttpRequest) -> str:
        return _told(mood_rules.change(list(_typed(request.POST))))

    def _say(self, request: HttpRequest) -> str:
        return _told(mood_rules.change([_said(request.POST)]))

    def _put_back(self, _request: HttpRequest, pk: int) -> str:
        row = MoodRule.objects.filter(pk=pk).first()
        if row is None:  # pressed twice, or by two people
            return _("That number is put back already.")
        mood_rules.put_back(row)
        return _("Put back: what “%(name)s” says of the mood %(mood)s.") % {
            "name": row.name,
            "mood": mood_name(row.mood),
        }


def _page(posted: QueryDict) -> str:
    """The address of the page, with the title that was being tried."""
    address = reverse("admin:mlmodel_moodrule_changelist")
    tried = posted.get("try", "")
    return f"{address}?{urlencode({'try': tried})}" if tried.isdecimal() else address


def _told(changed: int) -> str:
    if not changed:
        return _("Nothing differs from what was there.")
    return ngettext(
        "%(count)s number is changed. From now on every title is profiled by the new table.",
        "%(count)s numbers are changed. From now on every title is profiled by the new table.",
        changed,
    ) % {"count": changed}


def _typed(posted: QueryDict) -> Any:
    """Yield a rule for each field of the grid that was changed since it was shown."""
    for field, value in posted.items():
        if field.startswith(FIELD) and field.count("|") >= len(("name", "mood", "shown")):
            name, mood, shown = field.removeprefix(FIELD).rsplit("|", 2)
            if str(value).strip() != shown:
                yield _rule("genre", name, mood, str(value).strip() or "0")


def _said(posted: QueryDict) -> Rule:
    asked = [posted.get(key, "") for key in ("sign", "name", "mood", "evidence")]
    return _rule(*asked)


def _rule(sign: str, name: str, mood: str, evidence: str) -> Rule:
    """Return the rule of what was typed. Raises BadNumber, naming cause and cure."""
    found, said = number(evidence.replace(",", "."), -BOUND, BOUND), plain(name)
    if found is None:
        raise BadNumber(
            _(
                "“%(typed)s” for “%(name)s” is no number from -5 to 5, so nothing was changed. "
                "Type one such as 1.5 or -0.5."
            )
            % {"typed": evidence, "name": name}
        )
    if sign not in MoodRule.Sign.values or mood not in MOODS:
        raise BadNumber(_("Nothing was changed: choose a sign and a mood of the list."))
    is_word = sign == MoodRule.Sign.WORD
    if not 0 < len(said) <= 100 or not (said.isalnum() if is_word else said.isprintable()):
        raise BadNumber(
            _(
                "“%(name)s” can’t be looked for, so nothing was changed. Type a single word "
                "(letters only), or the name of a genre or collection of up to 100 letters."
            )
            % {"name": name}
        )
    return Rule(sign, said, mood, found)


def _tried(asked: QueryDict) -> dict[str, Any]:
    """What trying a title shows: what was found, and the chosen one's bars."""
    wanted, chosen = asked.get("q", "").strip(), asked.get("try", "")
    titles = MediaItem.objects.on_offer()
    item = (
        titles.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 18 else None
    )
    found = titles.filter(title__icontains=wanted).order_by("sort_title", "pk")[:MOST_FOUND]
    return {
        "q": wanted,
        "found": list(found) if wanted else [],
        "tried": item,
        "bars": mood_page.tried(item, mood_rules.table()) if item else [],
    }
