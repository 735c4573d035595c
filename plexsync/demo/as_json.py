"""Answers as JSON: what a Plex server sends to those who ask for application/json."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from plexsync.demo.http import Answer, Call

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?")
# These may look like numbers, and Plex sends them as text all the same.
_TEXTS = frozenset(
    {
        *("ratingKey", "parentRatingKey", "grandparentRatingKey", "key", "guid", "slug", "tag"),
        *("title", "titleSort", "originalTitle", "parentTitle", "grandparentTitle", "title1"),
        *("title2", "librarySectionTitle", "studio", "summary", "contentRating", "editionTitle"),
        *("tagKey", "code", "file", "filter", "name", "version", "codec", "videoResolution"),
        *("language", "languageCode", "languageTag", "machineIdentifier", "port", "viewGroup"),
    }
)
_FLAGS = frozenset(
    {
        *("allowSync", "allowMediaDeletion", "allowCameraUpload", "allowSharing", "certificate"),
        *("backgroundProcessing", "companionProxy", "multiuser", "myPlex", "myPlexSubscription"),
        *("sync", "transcoderVideo", "claimed", "filters", "refreshing", "content", "directory"),
        *("smart", "local", "hasVoiceActivity", "selected", "default"),
    }
)


def wants_json(call: Call) -> bool:
    return "json" in (call.headers.get("Accept") or "")


def as_json(answer: Answer) -> Answer:
    """The same answer in JSON; what is no XML, such as a picture, stays as it is."""
    if not answer.body or "xml" not in answer.content_type:
        return answer
    root = ET.fromstring(_NOT_XML.sub(b"", answer.body))  # noqa: S314 (our own words)
    answer.body = json.dumps({root.tag: _object(root)}, ensure_ascii=False).encode()
    answer.content_type = "application/json"
    return answer


def _object(element: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {name: _value(name, text) for name, text in element.attrib.items()}
    for child in element:
        found.setdefault(_named(child), []).append(_object(child))
    return found


def _named(child: ET.Element) -> str:
    """Items are Metadata whatever their tag; sections, hubs and choices keep theirs."""
    item = child.tag in {"Video", "Playlist"} or "ratingKey" in child.attrib
    return "Metadata" if item else child.tag


def _value(name: str, text: str) -> Any:
    if name in _FLAGS:
        return text == "1"
    if name in _TEXTS or not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
