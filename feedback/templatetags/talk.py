"""`{{ speakers|unheard:said }}`: those who have not said how a title was."""

from collections.abc import Iterable

from django import template

from feedback.models import Feedback
from plexsync.models import Viewer

register = template.Library()


@register.filter
def unheard(speakers: Iterable[Viewer], said: Iterable[Feedback]) -> list[Viewer]:
    """Leave out who is on record: what they said is changed where it stands."""
    heard = {row.viewer_id for row in said}
    return [viewer for viewer in speakers if viewer.pk not in heard]
