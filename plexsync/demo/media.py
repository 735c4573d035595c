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
# As Plex writes them: languages in their own tongue.
_LANGUAGES = {
    "en": ("English", "eng"),
    "de": ("Deutsch", "deu"),
    "fr": ("Français", "fra"),
    "it": ("Italiano", "ita"),
    "es": ("Español", "spa"),
    "ja": ("日本語", "jpn"),
    "ko": ("한국어", "kor"),
    "zh": ("中文", "zho"),
    "ru": ("Русский", "rus"),
    "sv": ("Svenska", "swe"),
    "da": ("Dansk", "dan"),
    "pl": ("Polski", "pol"),
    "pt": ("Português", "por"),
    "fa": ("فارسی", "fas"),
    "hi": ("हिन्दी", "hin"),
    "tr": ("Türkçe", "tur"),
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
        return f"/data/{show.folder}/{name}/{season}/{name} - s{item.season:02d}e{item.index:02d}.{ending}"
    edition = f" {{edition-{show.edition}}}" if show.edition else ""
    return f"/data/{show.folder}/{name}{edition}/{name}.{ending}"


def _resolution(item: Title | Episode) -> str:
    """Mostly 1080; old ones are poorer."""
    old = (item.year or _NEW) < _OLD
    return (_SHELF_OLD if old else _SHELF)[item.mark % 10]


def media_xml(item: Title | Episode, *, full: bool) -> str:
    """A Media with its part for each version; the streams only in the full form."""
    versions = item.versions if isinstance(item, Title) else 1
    return "".join(_version(item, number, full=full) for number in range(versions))


def _version(item: Title | Episode, number: int, *, full: bool) -> str:
    resolution = _resolution(item) if number == 0 else "4k"
    width, height, bitrate = _SIZES[resolution]
    duration = item.duration or 0
    path = file_of(item)
    ending = path[-3:]
    path = escape(path if number == 0 else f"{path[:-4]} - {resolution} {number}.{ending}")
    identity = item.key if number == 0 else item.key * 1000 + number
    codec = "hevc" if resolution == "4k" else "h264"
    profile = "main 10" if resolution == "4k" else "high"
    length = f' duration="{duration}"' if duration else ""
    inside = _streams(item, codec, profile, identity * 12) if full else ""
    return (
        f'<Media id="{identity}"{length} bitrate="{bitrate}" width="{width}" height="{height}"'
        f' aspectRatio="1.78" audioChannels="{6 if item.mark % 3 else 2}" audioCodec="eac3"'
        f' videoCodec="{codec}" videoResolution="{resolution}" container="{ending}"'
        f' videoFrameRate="24p" videoProfile="{profile}" hasVoiceActivity="0">'
        f'<Part id="{identity}" key="/library/parts/{identity}/{item.added_at}/file.{ending}"'
        f'{length} file="{path}" size="{bitrate * duration // 8}" container="{ending}"'
        f' videoProfile="{profile}">{inside}</Part></Media>'
    )


def _streams(item: Title | Episode, codec: str, profile: str, first: int) -> str:
    """One picture, a soundtrack for each language, and subtitles."""
    width, height, bitrate = _SIZES[_resolution(item)]
    show = item.show if isinstance(item, Episode) else item
    sound = "".join(
        _soundtrack(first + number, number, code)
        for number, code in enumerate(show.spoken, start=1)
    )
    return (
        f'<Stream id="{first}" streamType="1" default="1" codec="{codec}" index="0"'
        f' bitrate="{bitrate}" bitDepth="8" chromaSubsampling="4:2:0" codedHeight="{height}"'
        f' codedWidth="{width}" colorPrimaries="bt709" colorRange="tv" frameRate="23.976"'
        f' height="{height}" level="41" profile="{profile}" refFrames="4" scanType="progressive"'
        f' width="{width}" displayTitle="{height}p ({codec.upper()})"'
        f' extendedDisplayTitle="{height}p ({codec.upper()})"/>'
        f"{sound}"
        f'<Stream id="{first + 11}" streamType="3" codec="srt" index="9" language="English"'
        f' languageTag="en" languageCode="eng" displayTitle="English (SRT)"'
        f' extendedDisplayTitle="English (SRT)"/>'
    )


def _soundtrack(number: int, place: int, code: str) -> str:
    name, long_code = _LANGUAGES.get(code, (code.upper(), code))
    chosen = ' selected="1" default="1"' if place == 1 else ""
    return (
        f'<Stream id="{number}" streamType="2"{chosen} codec="eac3" index="{place}"'
        f' channels="6" bitrate="640" language="{name}" languageTag="{code}"'
        f' languageCode="{long_code}" audioChannelLayout="5.1(side)" samplingRate="48000"'
        f' displayTitle="{name} (EAC3 5.1)" extendedDisplayTitle="{name} (EAC3 5.1)"/>'
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
