"""Addresses of pictures for templates: each names its picture, so that a browser asks for it once."""

from django import template
from django.urls import reverse

from plexsync.models import MediaItem
from plexsync.posters import ART, POSTER, version

register = template.Library()


@register.simple_tag
def poster(item: MediaItem, width: int) -> str:
    """Return the address of a title's poster."""
    return f"{reverse('poster', args=[item.pk, width])}?v={version(item, POSTER)}"


@register.simple_tag
def art(item: MediaItem, width: int) -> str:
    """Return the address of a title's wide picture."""
    return f"{reverse('art', args=[item.pk, width])}?v={version(item, ART)}"
