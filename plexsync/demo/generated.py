"""A generated library of any size: invented titles, people and plots; one seed, one library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from plexsync.demo import words
from plexsync.demo.library import FIRST_FILM, FIRST_SHOW, Library
from plexsync.demo.titles import Title

MOST = FIRST_SHOW - FIRST_FILM
SHOW_SHARE = 0.1
MOST_PARTS = 4
_FIRST_DAY = date(1930, 1, 1).toordinal()


def generated_library(titles: int = 20_000, seed: int = 1) -> Library:
    """So many titles, a tenth of them series."""
    shows = int(titles * SHOW_SHARE)
    if not 0 < titles - shows < MOST:
        raise ValueError("the number of films must be between 1 and " + str(MOST))
    maker = Maker(Random(f"moodrec/{seed}"), seed)  # noqa: S311
    made = [*maker.films(titles - shows), *maker.shows(shows)]
    name = f"Generated library of {titles:,} titles"
    return Library(name if seed == 1 else f"{name}, seed {seed}", made)


class Maker:
    """Draws titles one after another from one stream of chance."""

    def __init__(self, rng: Random, seed: int = 1) -> None:
        self.rng = rng
        # Above every number in use, so that no invented title passes for a real one.
        self.first_id = 90_000_000 + seed % 9 * 1_000_000
        pool = {f"{rng.choice(words.FIRST)} {rng.choice(words.LAST)}" for _ in range(9_000)}
        self.people = sorted(pool)
        # A few work a lot, as in life: the same face returns across a library.
        self.busy = self.people[:: max(1, len(self.people) // 400)]
        self.studios = [f"{word} {end}" for word in words.ADJECTIVES[:30] for end in words.STUDIOS]
        self.released: dict[str, int] = {}
        self.series: set[str] = set()

    def films(self, count: int) -> Iterator[Title]:
        return (self._title("movie", FIRST_FILM + n, n) for n in range(count))

    def shows(self, count: int) -> Iterator[Title]:
        key = FIRST_SHOW
        for number in range(count):
            show = self._title("show", key, number)
            key += show.block
            yield show

    def _title(self, kind: str, key: int, number: int) -> Title:
        rng = self.rng
        genres = self._genres()
        day = date.fromordinal(_FIRST_DAY + int(35_300 * rng.random() ** 0.45))
        name, series = self._name(kind)
        good = min(9.6, max(1.8, rng.gauss(6.4, 1.1)))
        return Title(
            key=key,
            kind=kind,
            title=name,
            year=day.year if self._chance(0.995) else None,
            genres=genres,
            minutes=self._minutes(kind, genres),
            directors=tuple(rng.sample(self.people, 1 + self._chance(0.12))),
            writers=tuple(rng.sample(self.people, rng.randint(1, 3))),
            cast=(*rng.choices(self.busy, k=2), *rng.choices(self.people, k=14)),
            countries=self._countries(),
            content_rating=rng.choice(words.RATINGS[kind]),
            studio=rng.choice(self.studios),
            audience_rating=round(good, 1) if self._chance(0.96) else None,
            critic_rating=self._critics(good),
            imdb=f"tt{self.first_id + number * 2 + (kind == 'show')}",
            tmdb=self.first_id + number,
            tvdb=self.first_id + number if kind == "show" else None,
            collections=(series,) if series else (),
            released=day.isoformat(),
            summary=self._summary(genres),
            seasons=self._seasons() if kind == "show" else (),
            invented=True,
        )

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _genres(self) -> tuple[str, ...]:
        drawn = self.rng.choices(words.GENRES, words.GENRE_WEIGHTS, k=self.rng.randint(1, 4))
        return tuple(dict.fromkeys(drawn))

    def _name(self, kind: str) -> tuple[str, str | None]:
        """A title not used before; a film may open a series, or go on with one."""
        rng = self.rng
        name = rng.choice(words.PATTERNS).format(
            adjective=rng.choice(words.ADJECTIVES),
            noun=rng.choice(words.NOUNS),
            other=rng.choice(words.NOUNS),
            place=rng.choice(words.PLACES),
            first=rng.choice(words.FIRST),
        )
        part = self.released[name] = self.released.get(name, 0) + 1
        if part > MOST_PARTS:
            ending = f"The {rng.choice(words.ADJECTIVES)} {rng.choice(words.NOUNS)}"
            return f"{name}: {ending}", None
        if part == 1 and kind == "movie" and self._chance(0.05):
            self.series.add(name)
        series = f"{name} Collection" if kind == "movie" and name in self.series else None
        return name if part == 1 else f"{name} {part}", series

    def _minutes(self, kind: str, genres: tuple[str, ...]) -> int | None:
        if self._chance(0.004):
            return None
        if kind == "show":
            return self.rng.choice([22, 24, 30, 42, 45, 48, 55, 60])
        usual = 92 if {"Animation", "Comedy", "Family", "Horror"} & set(genres) else 112
        return int(min(230, max(58, self.rng.gauss(usual, 15))))

    def _countries(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.rng.choices(words.COUNTRIES, words.COUNTRY_WEIGHTS, k=2)))

    def _critics(self, good: float) -> float | None:
        if self._chance(0.35):
            return None
        return round(min(10.0, max(0.5, good + self.rng.gauss(0, 1.3))), 1)

    def _seasons(self) -> tuple[int, ...]:
        usual = self.rng.choice([6, 8, 8, 10, 10, 13, 22])
        return (usual,) * min(9, 1 + int(self.rng.expovariate(0.6)))

    def _summary(self, genres: tuple[str, ...]) -> str:
        """About forty words in three sentences; the first genre gives the trouble its colour."""
        rng = self.rng
        return " ".join(
            rng.choice(sentences).format(
                first=rng.choice(words.FIRST),
                person=rng.choice(words.PERSONS),
                place=rng.choice(words.PLACES),
                trouble=rng.choice(words.TROUBLE.get(genres[0], words.ANY_TROUBLE)),
                noun=rng.choice(words.NOUNS).lower(),
                other=rng.choice(words.PERSONS),
            )
            for sentences in (words.OPENINGS, words.TURNS, words.CLOSINGS)
        )
