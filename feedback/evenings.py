"""Which evening a moment belongs to: the small hours are still the evening before."""

from datetime import date, datetime, timedelta

from django.utils import timezone

DAY_BEGINS = timedelta(hours=5)


def evening_of(at: datetime) -> date:
    """Return the day on which this moment's evening began, by the reader's clock."""
    return (timezone.localtime(at) - DAY_BEGINS).date()


def evening_began(at: datetime) -> datetime:
    """Return when the day of this moment's evening began: at five in the morning."""
    day = timezone.localtime(at) - DAY_BEGINS
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + DAY_BEGINS
