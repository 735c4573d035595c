"""What the people of the demo have watched, rated and left half way: always the same."""

from __future__ import annotations

from random import Random

from plexsync.demo.library import Library
from plexsync.demo.people import Account
from plexsync.demo.titles import Title, episodes_of
from plexsync.demo.watching import Play, Watching

# A fixed day, or every restart would hand a sync another history.
LAST_EVENING = 1_794_700_800  # 2026-11-15
DAY = 86_400
Taste = tuple[set[str], set[str]]
# What each of them loves, and what they can't stand whatever else a title is.
TASTES: list[Taste] = [
    (
        {"Comedy", "Romance", "Animation", "Family", "Adventure", "Musical", "Documentary"},
        {"Horror", "War"},
    ),
    (
        {"Action", "Thriller", "Crime", "Horror", "War", "Drama", "Science Fiction", "Sci-Fi"},
        {"Musical", "Family"},
    ),
]
MOST_FILMS, MOST_SHOWS = 140, 8
# Of the films somebody started, how many were left half way, seen twice, rated.
LEFT, TWICE, RATED = 0.06, 0.16, 0.45
# Shows seen to their end, and nights of two episodes.
TO_THE_END, TWO_IN_A_ROW = 0.4, 0.4


def seed_watching(watching: Watching, library: Library, accounts: list[Account]) -> None:
    """Two years of evenings for the first account, half as many for the next, and so on."""
    for place, person in enumerate(accounts):
        account = person.number
        titles = [title for title in library.titles.values() if person.may_see(title.section)]
        films = [title for title in titles if title.kind == "movie"]
        shows = [title for title in titles if title.kind == "show"]
        rng = Random(f"{library.name}/{place}")  # noqa: S311
        taste = TASTES[place % len(TASTES)]
        _films(watching, account, _chosen(films, taste, rng, MOST_FILMS >> place), rng, taste)
        _shows(watching, account, _chosen(shows, taste, rng, MOST_SHOWS >> place), rng)
    watching.sort()
    watching.plays[:] = [
        Play(n, p.account, p.item, p.at, p.device) for n, p in enumerate(watching.plays, start=1)
    ]


def _chosen(titles: list[Title], taste: Taste, rng: Random, most: int) -> list[Title]:
    """A third of a small library at most; what people like and what is good comes first."""
    drawn = rng.sample(titles, min(len(titles), most * 6))
    drawn.sort(key=lambda title: -_pull(title, taste) * rng.random())
    return drawn[: min(most, len(titles) // 3)]


def _pull(title: Title, taste: Taste) -> float:
    liked, shunned = taste
    genres = set(title.genres)
    share = 0.3 + len(liked & genres) / max(1, len(genres))
    return (title.audience_rating or 5.5) ** 2 * (0.1 if shunned & genres else share)


def _films(watching: Watching, account: int, films: list[Title], rng: Random, taste: Taste) -> None:
    for film in films:
        evening = LAST_EVENING - int(rng.random() ** 1.5 * 730) * DAY - rng.randrange(4 * 3600)
        drawn = rng.random()
        if drawn < LEFT and film.duration:
            watch = watching.of(account).entry(film.key)
            watch.offset, watch.viewed_at = int(film.duration * rng.uniform(0.1, 0.7)), evening
            continue
        if drawn < TWICE:
            watching.play(account, film, evening - rng.randrange(60, 400) * DAY)
        watching.play(account, film, evening)
        if rng.random() < RATED:
            watching.of(account).rate(film.key, _stars(film, taste, rng), evening + 9000)


def _stars(film: Title, taste: Taste, rng: Random) -> float:
    """On Plex's scale of ten, in half stars."""
    liked, shunned = taste
    genres = set(film.genres)
    fond = -4.0 if shunned & genres else 1.2 if liked & genres else -0.8
    wanted = (film.audience_rating or 6.5) + fond + rng.gauss(0, 1.2)
    return float(max(1, min(10, round(wanted))))


def _shows(watching: Watching, account: int, shows: list[Title], rng: Random) -> None:
    """Episode after episode, most nights one or two; some shows are left half way."""
    for show in shows:
        episodes = list(episodes_of(show))
        reached = (
            len(episodes) if rng.random() < TO_THE_END else rng.randint(1, max(1, len(episodes)))
        )
        reached = min(reached, 60)
        at = LAST_EVENING - rng.randrange(20, 700) * DAY - rng.randrange(3 * 3600)
        for episode in episodes[:reached]:
            if at >= LAST_EVENING:
                break
            watching.play(account, episode, at)
            at += 2_700 if rng.random() < TWO_IN_A_ROW else DAY * rng.choice([1, 1, 1, 2, 4])
