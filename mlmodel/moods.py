"""How much of each mood a title has, by one hand-made table of genres, summary words, length, age and rating."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from mlmodel.records import Title

MOODS: tuple[str, ...] = (
    "funny",
    "action",
    "dramatic",
    "relaxing",
    "tense",
    "scary",
    "romantic",
    "dark",
    "thoughtful",
    "uplifting",
)

# Every number is evidence in logits and adds up: 0 says nothing, +1 "rather yes", +3 "surely", -1 "rather not".
# A title's mood is 1 / (1 + exp(-sum)), so 0.5 or more reads "most people would say it has this mood".

# What is true of a title of which nothing is known.
BASE: dict[str, float] = {
    "funny": -1.4,
    "action": -1.6,
    "dramatic": -0.9,
    "relaxing": -1.6,
    "tense": -1.4,
    "scary": -2.6,
    "romantic": -2.0,
    "dark": -1.7,
    "thoughtful": -1.6,
    "uplifting": -1.8,
}

GENRES: dict[str, dict[str, float]] = {
    "action": {"action": 3.2, "tense": 0.6, "relaxing": -0.8, "romantic": -0.7, "thoughtful": -0.6,
               "dramatic": -0.4, "dark": -0.4},
    "adventure": {"action": 1.7, "uplifting": 0.5, "relaxing": 0.3, "dark": -0.7, "dramatic": -0.3},
    "animation": {"funny": 0.7, "relaxing": 1.2, "uplifting": 0.7, "tense": -0.8, "dark": -0.5, "romantic": -0.6,
                  "dramatic": -0.5},
    "comedy": {"funny": 3.2, "relaxing": 0.9, "uplifting": 0.5, "tense": -1.2, "scary": -0.9, "dark": -0.5,
               "dramatic": -0.9, "thoughtful": -0.3},
    "crime": {"tense": 1.4, "dark": 0.8, "action": 0.5, "relaxing": -1.0, "romantic": -0.6, "uplifting": -0.8},
    "documentary": {"thoughtful": 1.4, "uplifting": 0.4, "relaxing": 0.2, "action": -1.6, "romantic": -1.5,
                    "scary": -1.0, "funny": -0.7, "tense": -0.8, "dramatic": -0.5},
    "drama": {"dramatic": 2.1, "thoughtful": 0.9, "dark": 0.5, "romantic": 0.3, "uplifting": 0.4, "funny": -0.9,
              "action": -0.6, "scary": -0.7},
    "family": {"relaxing": 2.0, "uplifting": 1.3, "funny": 0.5, "dark": -1.5, "scary": -1.5, "tense": -1.3,
               "thoughtful": -0.5},
    "fantasy": {"relaxing": 0.5, "action": 0.5, "uplifting": 0.2, "scary": 0.2, "thoughtful": 0.1},
    "history": {"dramatic": 1.0, "thoughtful": 0.7, "uplifting": 0.5, "funny": -0.7, "scary": -0.8},
    "horror": {"scary": 4.6, "tense": 1.6, "dark": 1.2, "relaxing": -2.2, "uplifting": -2.0, "romantic": -1.0,
               "dramatic": -0.8},
    "music": {"thoughtful": -0.5, "uplifting": 1.2, "relaxing": 1.0, "romantic": 0.4, "tense": -1.0, "action": -0.9,
              "scary": -0.6},
    "mystery": {"tense": 2.2, "scary": 0.9, "dark": 0.7, "thoughtful": 0.6, "relaxing": -0.8, "uplifting": -0.8},
    "romance": {"romantic": 3.4, "relaxing": 0.9, "uplifting": 0.5, "dramatic": 0.7, "tense": -0.8, "scary": -0.9,
                "action": -0.9, "dark": -0.6},
    "science fiction": {"action": 1.1, "tense": 0.5, "thoughtful": 0.9, "scary": 0.3, "romantic": -0.8,
                        "dramatic": -0.4},
    "thriller": {"tense": 2.8, "dark": 0.7, "scary": 0.8, "action": 0.8, "relaxing": -1.7, "uplifting": -1.1,
                 "funny": -0.8},
    "tv movie": {"thoughtful": -0.4},
    "war": {"action": 1.4, "dramatic": 1.2, "dark": 0.6, "thoughtful": 0.3, "tense": 0.4, "relaxing": -1.3,
            "funny": -0.5, "uplifting": 0.2},
    "western": {"action": 1.6, "dark": -0.5, "tense": 0.2, "scary": -0.8, "thoughtful": -0.2},
    "sport": {"uplifting": 1.9, "dramatic": 0.4, "action": 0.4},
    "biography": {"dramatic": 0.9, "thoughtful": 0.8, "uplifting": 1.0, "scary": -0.9},
    "reality": {"relaxing": 0.8, "funny": 0.4, "thoughtful": -0.6, "dramatic": -0.4},
    "talk": {"funny": 1.4, "relaxing": 0.9},
    "soap": {"dramatic": 1.4, "romantic": 1.2},
    "news": {"thoughtful": 1.2},
    "travel": {"relaxing": 1.6, "uplifting": 0.6},
    "food": {"relaxing": 1.8, "uplifting": 0.5},
    "nature": {"relaxing": 1.6, "thoughtful": 0.8},
}  # fmt: skip

# Other names of the same: Plex's, TMDB's and TVDB's.
SAME_GENRE: dict[str, tuple[str, ...]] = {
    "sci-fi": ("science fiction",),
    "scifi": ("science fiction",),
    "sci-fi & fantasy": ("science fiction", "fantasy"),
    "action & adventure": ("action", "adventure"),
    "action/adventure": ("action", "adventure"),
    "war & politics": ("war",),
    "kids": ("family",),
    "kids & family": ("family",),
    "children": ("family",),
    "musical": ("music",),
    "musicals": ("music",),
    "suspense": ("thriller",),
    "film-noir": ("crime", "mystery"),
    "film noir": ("crime", "mystery"),
    "anime": ("animation",),
    "rom-com": ("romance", "comedy"),
    "romantic comedy": ("romance", "comedy"),
    "biopic": ("biography",),
    "sports": ("sport",),
    "historical": ("history",),
    "stand-up": ("comedy", "talk"),
    "stand-up comedy": ("comedy", "talk"),
    "talk show": ("talk",),
    "martial arts": ("action",),
    "superhero": ("action", "adventure"),
    "mini-series": (),
}

# Words of the summary (with their -s, -ed, -ing and -ly): how much one of them says. Repeats count once.
WORDS: dict[str, tuple[tuple[float, str], ...]] = {
    "funny": (
        (1.1, """
            comedy comic comedian hilarious hilarity funny hijinks spoof satire parody humor
            humorous wacky zany
        """),
        (0.6, """
            bumbling misadventure prank mishap chaos slacker buddy buddies idiot goofy eccentric
            quirky fraternity stoner loser neurotic party outrageous dysfunctional misfit antics
            raucous crazy vacation clueless
        """),
        (-0.5, "murder tragic tragedy haunted brutal killer grief war"),
    ),
    "action": (
        (0.9, """
            explosive assassin mercenary terrorist ninja samurai martial commando superhero
            gunfight heist
        """),
        (0.5, """
            battle fight fighter mission agent army weapon hero villain evil warrior soldier fbi
            cia cop revenge rescue robot alien planet galaxy chase bomb nuclear hunter vengeance
            destroy enemy enemies vigilante
        """),
        (-0.4, "love marriage affair family daughter writer school artist"),
    ),
    "dramatic": (
        (0.7, "tragic tragedy heartbreaking poignant drama melodrama harrowing wrenching"),
        (0.4, """
            struggle grief loss dying death illness cancer addiction affair marriage divorce
            widow father mother son daughter prison poverty alcoholic abuse abusive secret
            betrayal family orphan trial guilt
        """),
        (-0.4, "robot alien monster zombie hijinks spy adventure magical"),
    ),
    "relaxing": (
        (0.8, """
            charming whimsical heartwarming delightful enchanting gentle cute lovable adorable
            magical
        """),
        (0.5, """
            holiday christmas dog puppy toy fairy princess village summer music dance dancing
            friendship garden bear cat pig rabbit animal magic wish birthday grandmother prince
            wedding childhood
        """),
        (-0.6, """
            murder kill killer murderer brutal violent violence rape drug terrorist prison
            serial death torture
        """),
    ),
    "tense": (
        (0.8, """
            suspense suspenseful conspiracy detective investigate investigation mystery
            mysterious hostage kidnap kidnapper kidnapped trapped stalker stalk blackmail
            paranoia paranoid
        """),
        (0.5, """
            murder killer killing disappear disappearance missing suspect fbi cia secret spy
            witness escape police plot deadly psychopath intruder danger dangerous terror
            captive assassin clue framed
        """),
        (-0.5, "friendship wedding christmas comic hilarious musical summer dog dance"),
    ),
    "scary": (
        (1.2, """
            horror terrify terrifying haunt haunted ghost demon demonic zombie vampire werewolf
            supernatural exorcism evil possessed undead monster paranormal slasher nightmare
        """),
        (0.6, """
            serial killer creature curse spirit blood bloody gruesome sinister dead witch satan
            satanic cult mutant terror cannibal cemetery castle asylum dracula eerie victim
            massacre psychic occult
        """),
        (-0.4, "wedding team football comic business career"),
    ),
    "romantic": (
        (0.9, """
            love romance romantic lover passion passionate wedding marry fiance fiancee
            sweetheart bride
        """),
        (0.5, """
            affair girlfriend boyfriend marriage beautiful heart relationship date kiss
            attraction seduce widow couple paris woman husband wife bachelor charming
        """),
        (-0.4, "war alien terrorist army cop killer monster zombie police"),
    ),
    "dark": (
        (0.9, """
            bleak disturbing brutal nihilistic depraved sadistic torture rape suicide suicidal
            genocide holocaust gruesome cruel cruelty
        """),
        (0.5, """
            murder killer serial violent violence drug heroin addict addiction prison death
            obsession madness insane revenge corrupt corruption abuse nazi despair mob gangster
            underworld prostitute twisted psychopath
        """),
        (-0.5, """
            friendship comic adventure christmas magical fun dog team wedding hilarious family
        """),
    ),
    "thoughtful": (
        (0.8, """
            philosophical philosophy existential meditation allegory psychological reality
            consciousness meaning memory memories identity introspective profound psychiatrist
            dream
        """),
        (0.4, """
            society human humanity life mind political existence god faith moral explore
            isolation alienation psyche mental future past dystopian obsession struggle
            documentary truth artist philosopher
        """),
        (-0.5, "hijinks prank party villain terrorist cop martial vacation buddy"),
    ),
    "uplifting": (
        (0.8, """
            inspire inspired inspiring inspirational heartwarming uplifting triumph triumphant
            courage dream hope underdog overcome determined determination championship
        """),
        (0.5, """
            friendship teacher coach team true success win winning music dance student bond
            spirit learn school together child champion boxer football baseball olympic heart
            gift freedom faith
        """),
        (-0.5, """
            murder killer violent drug terror revenge kill brutal zombie sinister corrupt deadly
        """),
    ),
}  # fmt: skip

# Length, age and rating: each from a value (inclusive) up to the next line's value.
RUNTIME: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"funny": 0.3, "relaxing": 0.4, "dramatic": -0.4, "thoughtful": -0.2}),
    (90, {"funny": 0.2, "relaxing": 0.1, "dramatic": -0.2, "scary": 0.2}),
    (105, {}),
    (125, {"dramatic": 0.3, "thoughtful": 0.2, "funny": -0.4, "scary": -0.4, "relaxing": -0.2}),
    (150, {"dramatic": 0.6, "thoughtful": 0.3, "funny": -0.8, "scary": -0.8, "relaxing": -0.4}),
)
YEAR: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"romantic": 0.2, "dark": -0.3, "action": -0.4}),
    (1970, {"action": -0.2}),
    (1980, {}),
    (2000, {"dark": 0.1}),
)
RATING: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"thoughtful": -1.0, "dark": -0.6, "dramatic": -0.4, "uplifting": -0.5, "tense": -0.2}),
    (5.5, {"thoughtful": -0.4, "dark": -0.3, "dramatic": -0.2, "uplifting": -0.2}),
    (6.5, {}),
    (7.2, {"thoughtful": 0.5, "dark": 0.4, "dramatic": 0.2, "uplifting": 0.2, "tense": 0.1}),
    (7.8, {"thoughtful": 0.9, "dark": 0.8, "dramatic": 0.3, "uplifting": 0.3, "tense": 0.2}),
)

MOST_WORDS = 2.0  # all words of a summary together move a mood by no more than this
ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly")

Floats = npt.NDArray[np.float64]
_WORD = re.compile(r"[a-z]+")
_PLACE = {mood: place for place, mood in enumerate(MOODS)}


def genres_of(listed: Iterable[str]) -> tuple[str, ...]:
    """Genre names in lower case, each under the one name the table knows it by."""
    found: dict[str, None] = {}
    for name in listed:
        lower = name.strip().lower()
        found.update(dict.fromkeys(SAME_GENRE.get(lower, (lower,))))
    return tuple(found)


def profile(title: Title) -> dict[str, float]:
    """Each mood of the vocabulary, 0..1."""
    return dict(zip(MOODS, profiles([title])[0].tolist(), strict=True))


def profiles(titles: Sequence[Title]) -> Floats:
    """One row a title, one column a mood, 0..1; a title that brings its own profile keeps it."""
    if not titles:
        return np.zeros((0, len(MOODS)))
    return np.array([title.moods or _shares(title) for title in titles])


def _shares(title: Title) -> Floats:
    shares: Floats = 1 / (1 + np.exp(-np.array(_logits(title))))
    return shares


def _logits(title: Title) -> list[float]:
    """The evidence for each mood, added up."""
    sums = _said_by(title.summary)
    for genre in genres_of(title.genres):
        for place, weight in _GENRE_ROWS.get(genre, ()):
            sums[place] += weight
    for value, steps in (
        (title.runtime_minutes, _RUNTIME_ROWS),
        (title.year, _YEAR_ROWS),
        (title.audience_rating or title.critic_rating, _RATING_ROWS),
    ):
        if value is not None:
            for place, weight in _step(value, steps):
                sums[place] += weight
    return sums


def _said_by(summary: str) -> list[float]:
    """The base plus what the words of a summary say, each word once, kept within bounds."""
    sums = [0.0] * len(MOODS)
    for word in _WORD_ROWS.keys() & set(_WORD.findall(summary.lower())):
        for place, weight in _WORD_ROWS[word]:
            sums[place] += weight
    return [
        base + min(max(said, -MOST_WORDS), MOST_WORDS)
        for base, said in zip(_BASE_ROW, sums, strict=True)
    ]


Row = tuple[tuple[int, float], ...]


def _row(weights: dict[str, float]) -> Row:
    return tuple((_PLACE[mood], weight) for mood, weight in weights.items())


def _step(value: float, steps: tuple[tuple[float, Row], ...]) -> Row:
    """The weights of the last step that the value reaches."""
    reached: Row = ()
    for start, row in steps:
        if value < start:
            break
        reached = row
    return reached


def _forms(word: str) -> Iterable[str]:
    """A word of the table with its regular endings."""
    stem = word[:-1] if word.endswith(("e", "y")) else word
    plural = [stem + "ies"] if word.endswith("y") else []
    return [*(word + ending for ending in ENDINGS), stem + "ing", stem + "ed", *plural]


def _word_rows() -> dict[str, Row]:
    """For each form of each word, what it says of each mood; a word listed twice counts its strongest."""
    rows: dict[str, dict[str, float]] = {}
    for mood, groups in WORDS.items():
        for weight, words in groups:
            for form in (form for word in words.split() for form in _forms(word)):
                held = rows.setdefault(form, {})
                held[mood] = max(held.get(mood, 0.0), weight, key=abs)
    return {form: _row(weights) for form, weights in rows.items()}


_BASE_ROW = [BASE[mood] for mood in MOODS]
_GENRE_ROWS = {genre: _row(weights) for genre, weights in GENRES.items()}
_WORD_ROWS = _word_rows()
_RUNTIME_ROWS = tuple((start, _row(weights)) for start, weights in RUNTIME)
_YEAR_ROWS = tuple((start, _row(weights)) for start, weights in YEAR)
_RATING_ROWS = tuple((start, _row(weights)) for start, weights in RATING)
