"""`{{ job.created_at|when }}`: a moment as people say it; `{{ "21:40"|clock }}`: a time as they write it."""

from datetime import datetime, time

from django import template
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def clock(told: str) -> str:
    """Return a time that is stored as "21:40" as the reader writes times; what is none as it is."""
    try:
        return time_format(time.fromisoformat(told), "TIME_FORMAT")
    except ValueError:
        return told


@register.filter
def when(at: datetime | None) -> str:
    """Return "today, 21:40", "22 November, 21:40", or with the year where it is another one."""
    if at is None:
        return ""
    there, today = timezone.localtime(at), timezone.localdate()
    days = (there.date() - today).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    style = "MONTH_DAY_FORMAT" if there.year == today.year else "DATE_FORMAT"
    day = near.get(days) or date_format(there, style)
    return _("%(day)s, %(time)s") % {"day": day, "time": f"{there:%H:%M}"}
