"""What is planned for Plex: tonight's titles, and the best of each mood, without needless change."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from feedback.models import Ask, Dismissal
from mlmodel.moods import MOODS
from mlmodel.records import Moment
from moodrec.tests import builders
from plexsync.models import Connection, Episode, Library, MediaItem, Shelf, WatchedEpisode
from recommender.moment import Answers
from recommender.shelves import MOOD_TITLES, Household, Planned

pytestmark = pytest.mark.django_db


def household() -> Household:
    return Household(builders.connection())


def of_mood(mood: str, option: str = "mood_playlists") -> Planned:
    return next(shelf for shelf in household().plan(option) if shelf.slug == mood)


def labels(planned: Planned) -> list[str]:
    return [place.label for place in planned.places]


def evening(*titles: MediaItem, hours_ago: float = 1, source: str = Ask.Source.WEB) -> Ask:
    """An ask of today, and what it showed."""
    ask = builders.ask(asked_at=NOW - timedelta(hours=hours_ago), source=source)
    for rank, title in enumerate(titles, start=1):
        builders.suggestion(title, ask=ask, rank=rank)
    return ask


NOW = timezone.make_aware(datetime(2026, 11, 22, 21, 0))  # noqa: DTZ001 (local time, made aware)


def test_every_mood_has_a_playlist_of_its_best(films: list[MediaItem]) -> None:
    planned = list(household().plan("mood_playlists"))
    assert [shelf.slug for shelf in planned] == list(MOODS)
    scary = of_mood("scary")
    assert scary.title == "Scary · MoodRec"
    assert 5 < len(scary.places) <= MOOD_TITLES
    genres = MediaItem.objects.filter(rating_key__in=scary.keys).values_list("genres", flat=True)
    assert sum("Horror" in each for each in genres) > len(scary.places) / 2


def test_the_same_household_gives_the_same_shelves(films: list[MediaItem]) -> None:
    assert of_mood("funny") == of_mood("funny")


def test_titles_that_are_equally_good_stand_by_name(db: None) -> None:
    for name in ("Delta", "Alpha", "Charlie", "Bravo"):
        builders.title(name)
    assert labels(of_mood("scary")) == [
        f"{n} (1979)" for n in ("Alpha", "Bravo", "Charlie", "Delta")
    ]


def test_a_title_stays_in_its_place_while_it_is_nearly_as_good(films: list[MediaItem]) -> None:
    funny = Answers(vibe=("funny",)), Moment(moods=(("funny", 1.0),))
    worth = household()._worth(*funny, MOOD_TITLES, None)
    best = [MediaItem.objects.get(pk=pk) for pk in worth]
    near, far = best[30], best[-1]
    kept = [best[3].rating_key, near.rating_key, best[0].rating_key]
    Shelf.objects.create(connection=builders.connection(), kind="playlist", slug="funny", keys=kept)
    assert of_mood("funny").keys[:3] == kept
    assert far.rating_key not in of_mood("funny").keys


def test_a_title_that_is_no_longer_good_enough_goes(films: list[MediaItem]) -> None:
    horror = next(item for item in films if "Horror" in item.genres)
    keys = [horror.rating_key]
    Shelf.objects.create(connection=builders.connection(), kind="playlist", slug="funny", keys=keys)
    assert horror.rating_key not in of_mood("funny").keys


def test_what_somebody_never_wants_to_see_is_on_no_shelf(films: list[MediaItem]) -> None:
    first = of_mood("scary").keys[0]
    item = MediaItem.objects.get(rating_key=first)
    builders.dismissal(item, kind=Dismissal.Kind.NEVER)
    assert first not in of_mood("scary").keys


def test_a_series_stands_in_a_playlist_as_its_next_episode(db: None) -> None:
    fargo = builders.series("Fargo", genres=["Comedy"])
    ada = builders.viewer("Ada", owns_plex_state=True)
    first = Episode.objects.create(
        item=fargo, rating_key="901", season=1, number=1, title="Dilemma"
    )
    Episode.objects.create(item=fargo, rating_key="902", season=1, number=2)
    Episode.objects.create(item=fargo, rating_key="900", season=0, number=1, title="Making of")
    assert of_mood("funny").keys == ["901"]
    assert labels(of_mood("funny")) == ["Fargo, S01E01 Dilemma"]
    WatchedEpisode.objects.create(viewer=ada, episode=first)
    assert of_mood("funny").keys == ["902"]


def test_the_episode_on_the_shelf_keeps_its_series_there(db: None) -> None:
    for name in ("Alpha", "Bravo"):
        item = builders.series(name, genres=["Comedy"])
        Episode.objects.create(item=item, rating_key=f"{name}-1", season=1, number=1)
    Shelf.objects.create(
        connection=builders.connection(), kind="playlist", slug="funny", keys=["Bravo-1"]
    )
    assert of_mood("funny").keys == ["Bravo-1", "Alpha-1"]


def test_a_series_whose_episodes_are_unknown_is_in_no_playlist(db: None) -> None:
    builders.series("Fargo", genres=["Comedy"])
    assert of_mood("funny").keys == []


def test_a_collection_holds_titles_of_its_own_library_only(db: None) -> None:
    film = builders.title("Airplane!", genres=["Comedy"])
    show = builders.series("Fargo", genres=["Comedy"])
    funny = [s for s in household().plan("mood_collections") if s.slug == "funny"]
    assert {(s.library.title, *s.keys) for s in funny if s.library} == {
        ("Films", film.rating_key),
        ("Series", show.rating_key),
    }


def test_a_library_that_is_switched_off_has_no_collections(db: None) -> None:
    builders.title()
    Library.objects.update(enabled=False)
    assert list(household().plan("mood_collections")) == []


def test_tonight_holds_what_was_suggested_today_the_newest_first(films: list[MediaItem]) -> None:
    evening(films[0], films[1], hours_ago=3)
    evening(films[2], films[0], hours_ago=1)
    assert household().tonight(NOW).keys == [f.rating_key for f in (films[2], films[0], films[1])]


def test_tonight_holds_what_came_in_the_place_of_a_card(films: list[MediaItem]) -> None:
    away, other, *instead = films[:4]
    ask = evening(away, other)
    for minutes, item in enumerate(instead, start=1):
        at = ask.asked_at + timedelta(minutes=minutes)
        builders.suggestion(item, ask=ask, rank=1, shown_at=at)
    assert labels(household().tonight(NOW)) == [str(instead[-1]), str(other)]
    builders.dismissal(other, kind=Dismissal.Kind.NEVER)
    assert labels(household().tonight(NOW)) == [str(instead[-1])]


def test_tonight_forgets_yesterday_at_five_in_the_morning(films: list[MediaItem]) -> None:
    evening(films[5], hours_ago=22)
    morning = NOW.replace(hour=4)
    assert household().tonight(morning).keys == [films[5].rating_key]
    assert household().tonight(NOW).keys != [films[5].rating_key]


def test_before_anybody_asked_tonight_holds_the_ten_best(films: list[MediaItem]) -> None:
    tonight = household().tonight(NOW)
    assert len(tonight.places) == 10
    assert tonight.title == "Tonight · MoodRec"


@pytest.mark.parametrize("source", [Ask.Source.LETTERBOXD, Ask.Source.PLEX, Ask.Source.DEMO])
def test_what_nobody_asked_for_here_is_not_tonight_s(films: list[MediaItem], source: str) -> None:
    evening(films[9], source=source)
    assert len(household().tonight(NOW).places) == 10


def test_a_title_that_left_is_not_on_the_shelf(films: list[MediaItem]) -> None:
    evening(films[0], films[1])
    MediaItem.objects.filter(pk=films[0].pk).update(available=False)
    assert household().tonight(NOW).keys == [films[1].rating_key]


def test_keys_of_another_server_are_not_taken_for_ours(films: list[MediaItem]) -> None:
    other = Connection.objects.create(url="http://x", client_identifier="c", active=False)
    library = builders.library("Old films", connection=other)
    builders.title("Elsewhere", library=library, rating_key="777")
    Shelf.objects.create(
        connection=builders.connection(), kind="playlist", slug="funny", keys=["777"]
    )
    assert "777" not in of_mood("funny").keys
