"""The files of the demo library as XML: media, parts, streams, chapters and markers."""

from __future__ import annotations

import re
from html import escape

from plexsync.demo.titles import Episode, Title

_SIZES = {
    "sd": (720, 480, 2_400),
    "720": (1280, 720, 5_200),
    "1080": (1920, 1080, 9_800),
    "4k": (3840, 2160, 24_000),
}
_CHAPTER_MINUTES = 7
_OLD, _NEW = 1975, 2000
_SHELF = ("720", "720", "1080", "1080", "1080", "1080", "1080", "1080", "1080", "4k")
_SHELF_OLD = ("sd", "sd", "sd", "720", "720", "1080", "1080", "1080", "1080", "1080")


def file_of(item: Title | Episode) -> str:
    """Where the file would lie, named as Plex advises."""
    show = item.show if isinstance(item, Episode) else item
    year = f" ({show.year})" if show.year else ""
    name = re.sub(r'[/\\:*?"<>|]', " ", show.title).strip() + year
    ending = "mp4" if item.mark % 4 == 0 else "mkv"
    if isinstance(item, Episode):
        season = f"Season {item.season:02d}"
        return f"/data/series/{name}/{season}/{name} - s{item.season:02d}e{item.index:02d}.{ending}"
    return f"/data/films/{name}/{name}.{ending}"


def _resolution(item: Title | Episode) -> str:
    """Mostly 1080; old ones are poorer."""
    old = (item.year or _NEW) < _OLD
    return (_SHELF_OLD if old else _SHELF)[item.mark % 10]


def media_xml(item: Title | Episode, *, full: bool) -> str:
    """Media and its part; the streams only in the full form."""
    resolution = _resolution(item)
    width, height, bitrate = _SIZES[resolution]
    duration = item.duration or 0
    path = escape(file_of(item))
    ending = path[-3:]
    codec = "hevc" if resolution == "4k" else "h264"
    profile = "main 10" if resolution == "4k" else "high"
    length = f' duration="{duration}"' if duration else ""
    inside = _streams(item, codec, profile) if full else ""
    return (
        f'<Media id="{item.key}"{length} bitrate="{bitrate}" width="{width}" height="{height}"'
        f' aspectRatio="1.78" audioChannels="{6 if item.mark % 3 else 2}" audioCodec="eac3"'
        f' videoCodec="{codec}" videoResolution="{resolution}" container="{ending}"'
        f' videoFrameRate="24p" videoProfile="{profile}" hasVoiceActivity="0">'
        f'<Part id="{item.key}" key="/library/parts/{item.key}/{item.added_at}/file.{ending}"'
        f'{length} file="{path}" size="{bitrate * duration // 8}" container="{ending}"'
        f' videoProfile="{profile}">{inside}</Part></Media>'
    )


def _streams(item: Title | Episode, codec: str, profile: str) -> str:
    width, height, bitrate = _SIZES[_resolution(item)]
    first = item.key * 4
    return (
        f'<Stream id="{first}" streamType="1" default="1" codec="{codec}" index="0"'
        f' bitrate="{bitrate}" bitDepth="8" chromaSubsampling="4:2:0" codedHeight="{height}"'
        f' codedWidth="{width}" colorPrimaries="bt709" colorRange="tv" frameRate="23.976"'
        f' height="{height}" level="41" profile="{profile}" refFrames="4" scanType="progressive"'
        f' width="{width}" displayTitle="{height}p ({codec.upper()})"'
        f' extendedDisplayTitle="{height}p ({codec.upper()})"/>'
        f'<Stream id="{first + 1}" streamType="2" selected="1" default="1" codec="eac3" index="1"'
        f' channels="6" bitrate="640" language="English" languageTag="en" languageCode="eng"'
        f' audioChannelLayout="5.1(side)" samplingRate="48000"'
        f' displayTitle="English (EAC3 5.1)" extendedDisplayTitle="English (EAC3 5.1)"/>'
        f'<Stream id="{first + 2}" streamType="3" codec="srt" index="2" language="English"'
        f' languageTag="en" languageCode="eng" displayTitle="English (SRT)"'
        f' extendedDisplayTitle="English (SRT)"/>'
    )


def chapters_xml(item: Title | Episode) -> str:
    step = _CHAPTER_MINUTES * 60_000
    duration = item.duration or 0
    return "".join(
        f'<Chapter id="{item.key * 100 + n}" filter="thumb={item.key * 100 + n}" index="{n + 1}"'
        f' startTimeOffset="{start}" endTimeOffset="{min(start + step, duration)}"'
        f' thumb="/library/media/{item.key}/chapterImages/{n + 1}"/>'
        for n, start in enumerate(range(0, duration, step))
    )


def markers_xml(item: Title | Episode) -> str:
    """The credits: the last twentieth."""
    if not item.duration:
        return ""
    start = item.duration * 19 // 20
    return (
        f'<Marker id="{item.key}" type="credits" startTimeOffset="{start}"'
        f' endTimeOffset="{item.duration - 500}" final="1">'
        f'<Attributes id="{item.key}" version="4"/></Marker>'
    )
