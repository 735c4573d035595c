"""Tries that are counted for the whole install: by each of its processes, and after a restart too."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from moodrec.security.models import Knock


class Knocks:
    """So many times in so many seconds at one door: for each caller, and for everybody together.

    As `pace.Pace`, but counted in the database; what was refused is not counted.
    """

    def __init__(self, door: str, *, each: int, everybody: int, seconds: int) -> None:
        self._door, self._each, self._everybody = door, each, everybody
        self._while = timedelta(seconds=seconds)

    def allows(self, caller: str) -> bool:
        """Tell whether this caller may go on now, and count it if so."""
        if self._are_too_many(self._lately(), caller, allowed=0):
            return False  # and nothing is written, however often somebody asks
        Knock.objects.filter(door=self._door, at__lte=timezone.now() - self._while).delete()
        mine = Knock.objects.create(door=self._door, caller=caller)
        until_me = self._lately().filter(pk__lte=mine.pk)  # of two at once the second is too many
        if self._are_too_many(until_me, caller, allowed=1):
            mine.delete()
            return False
        return True

    def forgive(self, caller: str) -> None:
        """Count this caller anew: they turned out to be who they said."""
        Knock.objects.filter(door=self._door, caller=caller).delete()

    def _lately(self) -> QuerySet[Knock]:
        return Knock.objects.filter(door=self._door, at__gt=timezone.now() - self._while)

    def _are_too_many(self, rows: QuerySet[Knock], caller: str, *, allowed: int) -> bool:
        callers = list(rows.values_list("caller", flat=True))
        mine = callers.count(caller)
        return mine >= self._each + allowed or len(callers) >= self._everybody + allowed
