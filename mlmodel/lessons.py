"""Which answers may teach: not those put aside one by one, and none from before learning began anew.

The history keeps them all; `unlearning` puts aside and takes up again.
"""

from datetime import UTC, datetime

from django.db.models import Count, Max, Q, QuerySet

from feedback.models import Ask, Feedback
from mlmodel.models import FreshStart
from moodrec.once import once
from plexsync.models import Viewer

ALWAYS = datetime.min.replace(tzinfo=UTC)
Terms = tuple[datetime | None, frozenset[int], datetime | None]


@once
def newest_start() -> FreshStart | None:
    """Return the last time that learning began anew, if it ever did."""
    return FreshStart.objects.first()


def began_anew() -> datetime | None:
    """Return when learning last began anew, if ever; what was said before teaches nothing."""
    start = newest_start()
    return start.at if start else None


def since() -> datetime:
    """Return from when on answers teach."""
    return began_anew() or ALWAYS


def put_aside() -> set[int]:
    """Return the numbers of the answers that are not to be learnt from."""
    return set(Feedback.objects.filter(teaches=False).values_list("pk", flat=True))


def terms() -> Terms:
    """Return what may not teach at the moment, to be compared with later."""
    deleted = Viewer.objects.aggregate(last=Max("forgotten_to"))["last"]
    return began_anew(), frozenset(put_aside()), deleted


def said() -> QuerySet[Feedback]:
    """Return the answers people gave that the model may learn from."""
    rows = Feedback.objects.filter(teaches=True, said_at__gte=since())
    return rows.exclude(source=Ask.Source.PLEX)  # watched is no answer


def counted(trained_at: datetime | None) -> tuple[int, int]:
    """Return how many answers may teach, and how many of them came or changed after a training."""
    if trained_at is None:
        return said().count(), 0
    found = said().aggregate(
        all=Count("pk"), later=Count("pk", filter=Q(updated_at__gt=trained_at))
    )
    return found["all"], found["later"]


def heard() -> QuerySet[Feedback]:
    """Return the rows of the log that stand before what Plex tells of the same title.

    Those put aside are among them: Plex's word of such a title is not to teach instead.
    """
    return Feedback.objects.filter(said_at__gte=since())
