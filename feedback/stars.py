"""Send the stars given here to Plex, each as the viewer who gave them."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from feedback.models import Feedback, StarsTakenBack
from moodrec.jobs.run import JobFailed, JobSkipped, Report, silent
from moodrec.phrases import in_a_row, joined, phrase, phrases
from plexsync import people
from plexsync.client import PlexClient, PlexError
from plexsync.failing import job_failed, must_be_welcome, understood
from plexsync.models import Connection, MediaItem, Viewer

NO_STARS = -1  # as Plex has it
NOT_FOR_PLEX = 0  # in `rating_sent`: Plex could not take them, or was not to be told of them
_LIBRARY = "com.plexapp.plugins.library"


def run(*, report: Report = silent) -> dict[str, Any]:
    """Send what was not sent yet; a viewer's newest word on a title is the one that counts.

    Stars that were taken back here are taken back there.

    Raises JobSkipped where the household does not want it, JobFailed where Plex can't be used:
    what was sent until then is remembered as sent.
    """
    row = Connection.current()
    if row is None or not row.write_stars:
        raise JobSkipped(phrase("Sending stars to Plex is switched off."))
    must_be_welcome(row)
    sent, clients = 0, _Clients(row)
    while waiting := [word for word in _waiting() if word.viewer_id not in clients.refused]:
        for number, word in enumerate(waiting):
            report(
                number / len(waiting),
                phrase("Sending the stars for “%(title)s”", title=word.item.title),
            )
            sent += _send(clients, word)
    return {"sent": sent, "detail": _told(sent, clients.refused)}


def _waiting() -> list[Feedback | StarsTakenBack]:
    return [*_taken_back(), *unsent()]


class _Clients:
    """One client a viewer: whose token it has, under that account Plex keeps the stars."""

    def __init__(self, row: Connection) -> None:
        self.row = row
        self._known: dict[int, PlexClient] = {}
        self.refused: dict[int, str] = {}
        """Viewers as whom Plex would not be spoken to, with their names."""

    def of(self, viewer: Viewer) -> PlexClient:
        if viewer.pk not in self._known:
            token = self.row.token if viewer.owns_plex_state else viewer.plex_token
            self._known[viewer.pk] = PlexClient.of(self.row, token=token)
        return self._known[viewer.pk]


def _send(clients: _Clients, word: Feedback | StarsTakenBack) -> int:
    """Tell Plex these stars, or that there are none; return 1 where it took them."""
    if word.viewer_id in clients.refused:
        return 0
    stars = (word.rating or 0) if isinstance(word, Feedback) else 0
    told = {"key": word.item.rating_key, "identifier": _LIBRARY, "rating": 2 * stars or NO_STARS}
    try:
        clients.of(word.viewer).send("PUT", f"/:/rate?{urlencode(told)}")
    except PlexError as error:
        _failed(clients, word, error)
        return 0
    _settle(word, stars or NOT_FOR_PLEX)
    return 1


def _failed(clients: _Clients, word: Feedback | StarsTakenBack, error: PlexError) -> None:
    """Remember a title that Plex has no more, pass over a viewer it refuses; else give up."""
    if error.kind == "missing":
        _settle(word, NOT_FOR_PLEX)
    elif error.kind in {"denied", "forbidden"} and not word.viewer.owns_plex_state:
        clients.refused[word.viewer_id] = word.viewer.name
        people.note(word.viewer, error)
    elif error.kind == "forbidden":
        raise JobFailed(str(error), retry=False) from error
    else:
        raise job_failed(understood(clients.row, error)) from error


def _settle(word: Feedback | StarsTakenBack, told: int) -> None:
    """Remember what Plex was told; not by saving, which would look like a new answer."""
    if isinstance(word, StarsTakenBack):
        word.delete()
    else:
        Feedback.objects.filter(pk=word.pk).update(rating_sent=told)


def _told(sent: int, refused: dict[int, str]) -> str:
    told = phrases(
        "%(count)s star rating sent to Plex.", "%(count)s star ratings sent to Plex.", sent
    )
    if not refused:
        return told
    names = joined(list(refused.values()))
    return in_a_row(
        [told, phrase("Plex does not let MoodRec speak for %(names)s: link again.", names=names)]
    )


def unsent(*, also_kept_back: bool = False) -> list[Feedback]:
    """Return each viewer's newest stars for a title on offer that Plex was not told.

    Only of viewers whom Plex knows: as the connected account, or by a token of their own. With
    ``also_kept_back`` those too that were not to be sent, or that Plex did not take.
    """
    words = _rated().select_related("viewer", "item__library")
    words = words.defer("mood", "candidate", "item__summary")
    newest = {(word.viewer_id, word.item_id): word for word in words}.values()
    return [
        word
        for word in newest
        if _waits(word.rating, word.rating_sent, also_kept_back=also_kept_back)
    ]


def count_unsent(*, also_kept_back: bool = False) -> int:
    """Return how many those are, without reading their titles."""
    told = _rated().values_list("viewer_id", "item_id", "rating", "rating_sent")
    newest = {(viewer, item): (rating, sent) for viewer, item, rating, sent in told}.values()
    return sum(_waits(rating, sent, also_kept_back=also_kept_back) for rating, sent in newest)


def _rated() -> QuerySet[Feedback]:
    """Return all stars for titles on offer of viewers whom Plex knows, the newest last."""
    rows = Feedback.objects.filter(
        rating__isnull=False, viewer__in=_known_to_plex(), item__in=MediaItem.objects.on_offer()
    )
    return rows.order_by("updated_at", "pk")


def _waits(rating: int | None, sent: int | None, *, also_kept_back: bool) -> bool:
    return sent != rating and (also_kept_back or sent != NOT_FOR_PLEX)


def _taken_back() -> list[StarsTakenBack]:
    rows = StarsTakenBack.objects.filter(
        viewer__in=_known_to_plex(), item__in=MediaItem.objects.on_offer()
    )
    return list(rows.select_related("viewer", "item__library").defer("item__summary"))


def _known_to_plex() -> list[Viewer]:
    return [viewer for viewer in Viewer.objects.all() if is_known_to_plex(viewer)]


def is_known_to_plex(viewer: Viewer) -> bool:
    """Tell whether Plex can be told this viewer's stars as theirs."""
    return bool(viewer.owns_plex_state or viewer.plex_token)


def keep_back() -> None:
    """Remember of all stars given so far that Plex is not to be told."""
    Feedback.objects.filter(rating__isnull=False, rating_sent=None).update(rating_sent=NOT_FOR_PLEX)


def send_kept_back() -> None:
    """Forget that any were kept back: the next run sends them."""
    Feedback.objects.filter(rating_sent=NOT_FOR_PLEX).update(rating_sent=None)
