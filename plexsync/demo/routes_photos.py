"""Routes of pictures: posters and art, at their own size or resized on request."""

from __future__ import annotations

import re

from plexsync.demo.http import Answer, Call, Route, refusal, route
from plexsync.demo.posters import Picture, draw
from plexsync.demo.titles import Collection, Episode, Item, Season, Title

# The sizes the pictures would have on a real server: what upscale=0 stops at.
POSTER, ART = (1000, 1500), (1920, 1080)
LARGEST = 2_000
_OWN = re.compile(r"/library/(?:metadata|collections)/(\d+)/(thumb|art|composite)(?:/-?\d+)?")


def photo(call: Call) -> Answer:
    """The transcoder: takes only this library's own paths, never an address elsewhere."""
    path = call.asked("url").partition("?")[0]
    match = _OWN.fullmatch(path)
    width, height = call.number("width"), call.number("height")
    if not match or not 0 < width <= LARGEST or not 0 < height <= LARGEST:
        return refusal(400)
    source = ART if match.group(2) == "art" else POSTER
    size = fitted(source, (width, height), cover=call.asked("minSize") == "1")
    if call.asked("upscale") != "1" and size[0] > source[0]:
        size = source
    return _picture(call, int(match.group(1)), size, call.asked("format", "jpeg"))


def fitted(source: tuple[int, int], box: tuple[int, int], *, cover: bool) -> tuple[int, int]:
    """The source's shape, around the box (minSize=1) or inside it."""
    scales = box[0] / source[0], box[1] / source[1]
    scale = max(scales) if cover else min(scales)
    return max(1, round(source[0] * scale)), max(1, round(source[1] * scale))


def own_size(call: Call, key: str, kind: str) -> Answer:
    size = ART if kind == "art" else POSTER
    return _picture(call, int(key), size, "jpeg")


def _picture(call: Call, key: int, size: tuple[int, int], form: str) -> Answer:
    item = call.find(key)
    if item is None:
        return refusal(404)
    form = "png" if form == "png" else "jpeg"
    body = draw(_subject(item), size, form)
    return Answer(body, 200, f"image/{form}")


def _subject(item: Item) -> Picture:
    """What is on the picture; a season or episode shows its show."""
    if isinstance(item, Collection):
        return Picture(item.title, None, ("Collection",), item.key)
    title: Title = item.show if isinstance(item, (Season, Episode)) else item
    return Picture(title.title, title.year, title.genres, title.mark)


def wide(call: Call, key: str) -> Answer:
    """Any picture of a collection is its composite."""
    return own_size(call, key, "composite")


ROUTES: list[Route] = [
    route("GET", r"/photo/:/transcode", "photo", photo),
    route("GET", r"/library/metadata/(\d+)/(thumb|art)(?:/-?\d+)?", "photo", own_size),
    route("GET", r"/library/collections/(\d+)/composite(?:/\d+)?", "photo", wide),
]
