"""`{{ name|hue }}`: a colour of their own for everybody, the same on every page."""

import zlib

from django import template

register = template.Library()
HUES = 8  # `.hue-0` to `.hue-7` in moodrec.css


@register.filter
def hue(name: object) -> int:
    return zlib.crc32(str(name).casefold().encode()) % HUES
