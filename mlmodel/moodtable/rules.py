"""Today's mood table: the built-in numbers with the household's own (`MoodRule`) in their place."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max

from mlmodel.models import ModelVersion, MoodRule
from mlmodel.moods import BUILT_IN, Rule, Table, plain
from moodrec.jobs import queue
from plexsync.models import Library

Revision = tuple[int, int | None, datetime | None]
NONE: Revision = (0, None, None)

_kept: tuple[Revision, Table] = (NONE, BUILT_IN)


def revision() -> Revision:
    """Return what differs after any change of a rule, in whichever process; costs one small query."""
    found = MoodRule.objects.aggregate(rules=Count("pk"), last=Max("pk"), newest=Max("changed_at"))
    return found["rules"], found["last"], found["newest"]


def table() -> Table:
    """Return the table by today's rules: the very `BUILT_IN` where there are none."""
    global _kept  # noqa: PLW0603 (a pair put in its place at once: no thread sees half of it)
    now = revision()
    if now == NONE:
        return BUILT_IN
    if _kept[0] != now:
        _kept = (now, Table.of(_rules()))
    return _kept[1]


def _rules() -> list[Rule]:
    return [Rule(*row) for row in MoodRule.objects.values_list("sign", "name", "mood", "evidence")]


@transaction.atomic
def change(rules: list[Rule]) -> int:
    """Put these numbers to use and return how many differ from today's.

    A number that the built-in table holds anyway needs no rule: it is put back. Where a model is in
    use it learns anew, for it was learnt by the old numbers.
    """
    today = table()
    named = (rule._replace(name=plain(rule.name)) for rule in rules)
    different = [rule for rule in named if today.said(*rule[:3]) != rule.evidence]
    for rule in different:
        _store(rule)
    if different:
        _renew()
    return len(different)


def _store(rule: Rule) -> None:
    sign, name, mood, evidence = rule
    if BUILT_IN.said(sign, name, mood) == evidence:
        MoodRule.objects.filter(sign=sign, name=name, mood=mood).delete()
    else:
        MoodRule.objects.update_or_create(
            defaults={"evidence": evidence}, sign=sign, name=name, mood=mood
        )


@transaction.atomic
def put_back(row: MoodRule) -> None:
    """Forget one of the household's numbers: the built-in one counts again, if there is one."""
    row.delete()
    _renew()


def _renew() -> None:
    """Let what was computed from the titles by the earlier numbers be computed anew."""
    Library.objects.update(revision=F("revision") + 1)
    if ModelVersion.objects.filter(active=True).exists():
        queue.request("train", asked=True)
