"""`{{ reason|told }}`: a stored sentence in the reader's language."""

from django import template

from moodrec.phrases import told as _told

register = template.Library()


@register.filter
def told(said: object) -> str:
    return _told(said) if isinstance(said, str) else "" if said is None else str(said)
