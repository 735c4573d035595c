"""Look through a library's listing: which titles are there, and whether that is all of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from moodrec.phrases import phrase
from plexsync.client import Page, Skipped, fingerprint
from plexsync.records import State, cleaned, rating_key, state

NAMED = 20  # entries that can't be used and are told of


class Look(NamedTuple):
    """A title as its entry in the listing shows it."""

    key: str
    fingerprint: str
    state: State


def looked_through(entries: list[Element]) -> list[Look]:
    return [Look(rating_key(entry), fingerprint(entry), state(entry)) for entry in entries]


@dataclass(slots=True)
class Sweep:
    """One walk over a listing.

    ``seen``: the keys of its titles, each with a hash of its guid. ``skipped``: entries that can't
    be used. They count as seen: nothing in them could ever be a title of ours.
    """

    seen: dict[str, int] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    _odd: set[tuple[str, str, int]] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether every page told the same total, and that many entries came."""
        return self.totals == {len(self.seen) + len(self._odd)}

    def take(self, page: Page) -> list[Look]:
        """Return the titles of this page that no earlier one had; servers repeat themselves."""
        self.totals.add(page.total)
        for skipped in page.skipped:
            self._leave(skipped.key, "", 0, skipped.reason)
        here: Counter[tuple[str, str]] = Counter()
        looks = looked_through(page.entries)
        return [
            look
            for look, entry in zip(looks, page.entries, strict=True)
            if self._is_new(look, entry, here)
        ]

    def _is_new(self, look: Look, entry: Element, here: Counter[tuple[str, str]]) -> bool:
        guid = hash(entry.get("guid"))
        here[look[:2]] += 1
        known = self.seen.get(look.key)
        if look.key and known is None:
            self.seen[look.key] = guid
            return True
        if not look.key:
            told = cleaned(entry.get("ratingKey") or "", 40)
            self._leave(told, look.fingerprint, here[look[:2]], phrase("it has no usable key"))
        elif known != guid:
            self._leave(look.key, look.fingerprint, 0, phrase("another title has the same key"))
        elif here[look[:2]] > 1:
            self._leave(look.key, look.fingerprint, here[look[:2]], phrase("it is listed twice"))
        return False

    def _leave(self, key: str, fingerprint: str, number: int, reason: str) -> None:
        """Note an entry that can't be used; pages that overlap show the same one again."""
        if (key, fingerprint, number) not in self._odd:
            self._odd.add((key, fingerprint, number))
            if len(self.skipped) < NAMED:
                self.skipped.append(Skipped(key, reason))
