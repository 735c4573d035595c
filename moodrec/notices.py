"""Tell what an action came to, with a way back where there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo="


def undoable(request: HttpRequest, text: str, address: str) -> None:
    """Tell of a success that a POST to ``address`` takes back; the page then offers "Undo"."""
    messages.success(request, text, extra_tags=_UNDO + address)


def undo_address(message: Message) -> str:
    """Return where a notice is taken back; "" where it can't be."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
