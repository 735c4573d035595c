"""Where the first run stands: what is done, and what is next.

Told from the rows alone, so that a reload, or another device, goes on where the household is.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy

from plexsync.models import Connection, MediaItem, Viewer

STEPS = (  # the page of each, and its name
    ("owner", gettext_lazy("Account")),
    ("connect", gettext_lazy("Plex")),
    ("sync", gettext_lazy("Library")),
    ("people", gettext_lazy("Who lives here")),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the first run, as somebody on a page sees it."""

    page: str
    name: str
    is_done: bool
    is_here: bool

    @property
    def is_open(self) -> bool:
        """Whether one can go there now: the account is made once."""
        return self.is_done and not self.is_here and self.page != "owner"


def next_page() -> str:
    """Return the route of the step that is next for the owner; of the ask where nothing is left."""
    if MediaItem.objects.on_offer().exists():
        return "tonight" if _is_lived_in() else "people"
    return "sync" if Connection.objects.filter(active=True).exists() else "connect"


def steps(here: str) -> list[Step]:
    """Return all steps as they are, ``here`` being the page that asks; none once all is done."""
    following = "owner" if here == "owner" else next_page()
    if following == "tonight":
        return []
    pages = [page for page, _name in STEPS]
    reached = pages.index(following)
    return [
        Step(page, str(name), number < reached, page == here)
        for number, (page, name) in enumerate(STEPS)
    ]


def _is_lived_in() -> bool:
    """Tell whether somebody asked already, or the demo's household lives here.

    The first ask ends the first run: until then one may come and go on this page of steps.
    """
    asked = Q(asks__user__isnull=False)
    return Viewer.objects.filter(asked | Q(is_demo=True), enabled=True).exists()
