"""The job that gives back: what is on is kept up to date, what is off is taken away."""

from typing import Any

import pytest
from django.utils import timezone

from feedback.models import Ask
from mlmodel import matrix
from mlmodel.moods import MOODS
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, JobSkipped
from moodrec.tests import builders
from plexsync import sync
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, Library, MediaItem, Shelf
from recommender import give
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


def turn(**switches: bool) -> None:
    Connection.objects.update(**switches)


def names(plex: DemoPlex) -> list[str]:
    return sorted(playlist.title for playlist in plex.playlists.by_key.values())


def collections(plex: DemoPlex) -> int:
    return sum("MoodRec" in c.title for c in plex.library.collections.values())


def writes(plex: DemoPlex) -> int:
    return sum(asked.method != "GET" for asked in plex.requests.asked)


def tonight(plex: DemoPlex) -> list[str]:
    shelf = Shelf.objects.get(slug="tonight")
    return [str(key) for _place, key in plex.playlists.by_key[int(shelf.rating_key)].entries]


def test_nothing_is_written_while_everything_is_off(synced: Connection, plex: DemoPlex) -> None:
    with pytest.raises(JobSkipped):
        give.run()
    assert writes(plex) == 0


def test_each_mood_has_its_playlist(synced: Connection, plex: DemoPlex) -> None:
    turn(mood_playlists=True)
    result = give.run()
    assert names(plex) == sorted(f"{mood.capitalize()} · MoodRec" for mood in MOODS)
    assert result["shelves"] == result["changed"] == len(MOODS)


@pytest.mark.parametrize(
    ("language", "tonight", "funny"),
    [("de", "Heute Abend · MoodRec", "Lustig · MoodRec"), ("fr", "Ce soir · MoodRec", "Drôle · MoodRec")],
)  # fmt: skip
def test_lists_are_renamed_in_place_when_another_language_is_chosen(
    synced: Connection, plex: DemoPlex, language: str, tonight: str, funny: str
) -> None:
    turn(tonight_playlist=True, mood_playlists=True, mood_collections=True)
    give.run()
    keys = {shelf.pk: shelf.rating_key for shelf in Shelf.objects.all()}
    Connection.objects.update(shelf_language=language)
    renamed = Shelf.objects.exclude(slug="action")  # that is called the same in these languages
    assert give.run()["changed"] == renamed.count()
    assert {tonight, funny} < set(names(plex))
    assert {shelf.pk: shelf.rating_key for shelf in Shelf.objects.all()} == keys
    one = Shelf.objects.filter(kind="collection", slug="funny").latest("pk")
    in_plex = plex.library.collections[int(one.rating_key)]
    assert in_plex.title == one.title == funny
    assert in_plex.summary.startswith({"de": "Von MoodRec", "fr": "Créé"}[language])
    assert give.run()["changed"] == 0


def test_a_name_that_somebody_gave_in_plex_stays(synced: Connection, plex: DemoPlex) -> None:
    turn(tonight_playlist=True)
    give.run()
    [playlist] = plex.playlists.by_key.values()
    playlist.title = "For the sofa"
    give.run()
    assert names(plex) == ["For the sofa"]


def test_a_renaming_that_fails_is_told_and_tried_again(synced: Connection, plex: DemoPlex) -> None:
    turn(tonight_playlist=True)
    give.run()
    Connection.objects.update(shelf_language="es")
    plex.faults.set({"status": 500, "only_path": "/playlists", "after_requests": 2})
    give.run()
    assert Shelf.objects.get().problem
    plex.faults.clear()
    give.run()
    assert names(plex) == ["Esta noche · MoodRec"]
    assert not Shelf.objects.get().problem


def test_each_library_has_its_collections(synced: Connection, plex: DemoPlex) -> None:
    turn(mood_collections=True)
    give.run()
    assert collections(plex) == Shelf.objects.filter(kind="collection").count()
    assert {shelf.library.type for shelf in Shelf.objects.all() if shelf.library} == {
        "movie",
        "show",
    }


def test_a_second_run_writes_nothing(synced: Connection, plex: DemoPlex) -> None:
    turn(mood_playlists=True, mood_collections=True, tonight_playlist=True)
    give.run()
    plex.requests.clear()
    assert give.run()["changed"] == 0
    assert writes(plex) == 0


def test_what_was_asked_for_tonight_is_on_the_television(
    synced: Connection, plex: DemoPlex
) -> None:
    turn(tonight_playlist=True)
    give.run()
    shown = suggest(Request(Answers(type="movie"))).suggestions.order_by("rank")
    assert Job.objects.get().kind == "shelves"
    give.run()
    assert tonight(plex) == [suggestion.item.rating_key for suggestion in shown]


def test_an_ask_queues_nothing_where_the_playlist_is_off(synced: Connection) -> None:
    suggest(Request(Answers()))
    assert not Job.objects.exists()


def test_an_ask_made_while_the_job_runs_is_not_missed(
    synced: Connection, plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(tonight_playlist=True)
    whole = give._refresh
    asks: list[Ask] = []

    def refresh(work: Any, report: Any) -> None:
        whole(work, report)
        if not asks:
            asks.append(suggest(Request(Answers(type="movie"))))

    monkeypatch.setattr(give, "_refresh", refresh)
    give.run()
    assert tonight(plex) == [s.item.rating_key for s in asks[0].suggestions.order_by("rank")]


def test_what_is_switched_off_is_taken_out_of_plex(synced: Connection, plex: DemoPlex) -> None:
    theirs = plex.playlists.create(999_000, 1, "Christmas", 0)
    turn(mood_playlists=True, mood_collections=True, tonight_playlist=True)
    give.run()
    turn(mood_playlists=False)
    give.run()
    assert names(plex) == ["Christmas", "Tonight · MoodRec"]
    turn(mood_collections=False, tonight_playlist=False)
    assert give.run()["removed"] > 0
    assert list(plex.playlists.by_key.values()) == [theirs]
    assert collections(plex) == 0
    assert not Shelf.objects.exists()


def test_a_library_that_is_switched_off_loses_its_collections(
    synced: Connection, plex: DemoPlex
) -> None:
    turn(mood_collections=True)
    give.run()
    Library.objects.filter(type="show").update(enabled=False)
    give.run()
    assert {shelf.library.type for shelf in Shelf.objects.all() if shelf.library} == {"movie"}


def test_one_shelf_that_fails_does_not_stop_the_rest(synced: Connection, plex: DemoPlex) -> None:
    turn(mood_playlists=True)
    give.run()
    broken = Shelf.objects.get(slug="funny")
    plex.faults.set({"status": 500, "only_path": f"/playlists/{broken.rating_key}/items"})
    assert give.run()["failed"] == 1
    broken.refresh_from_db()
    assert "500" in broken.problem
    assert not Shelf.objects.exclude(problem="").exclude(pk=broken.pk).exists()
    plex.faults.clear()
    give.run()
    assert not Shelf.objects.exclude(problem="").exists()


def test_what_can_t_be_removed_stays_known_and_is_tried_again(
    synced: Connection, plex: DemoPlex
) -> None:
    turn(tonight_playlist=True)
    give.run()
    turn(tonight_playlist=False)
    plex.faults.set({"status": 500, "only_path": "/playlists"})
    assert give.run()["failed"] == 1
    assert "500" in Shelf.objects.get().problem
    plex.faults.clear()
    give.run()
    assert names(plex) == []


def test_an_account_that_may_not_make_collections_gets_its_playlists(
    synced: Connection, plex: DemoPlex
) -> None:
    turn(tonight_playlist=True, mood_collections=True)
    Connection.objects.update(token=plex.ben_token)
    result = give.run()
    assert "may not make collections" in result["detail"]
    current = Connection.objects.get()
    assert (current.mood_collections, current.tonight_playlist) == (False, True)
    assert plex.requests.kinds["collection create"] == 1
    assert names(plex) == ["Tonight · MoodRec"]


@pytest.mark.parametrize(("status", "again"), [(401, False), (None, True)])
def test_a_server_that_can_t_be_used_fails_the_job(
    synced: Connection, plex: DemoPlex, status: int | None, again: bool
) -> None:
    turn(mood_playlists=True)
    if status:
        plex.faults.set({"status": status})
    else:
        plex.stop()
    with pytest.raises(JobFailed) as caught:
        give.run()
    assert caught.value.retry is again


def test_a_library_that_is_away_for_a_while_does_not_cost_the_shelves(
    synced: Connection, plex: DemoPlex
) -> None:
    """Made anew they would lose the places that people gave them in Plex."""
    turn(mood_playlists=True)
    give.run()
    before = set(plex.playlists.by_key)
    MediaItem.objects.update(available=False)
    matrix.forget()  # on a busy machine a thread would build the catalogue anew
    with pytest.raises(JobSkipped):
        give.run()
    assert set(plex.playlists.by_key) == before


def test_shelves_on_an_earlier_server_are_not_this_one_s_matter(
    synced: Connection, plex: DemoPlex
) -> None:
    old = Connection.objects.create(url="http://x", client_identifier="c", active=False)
    Shelf.objects.create(connection=old, kind="playlist", slug="funny", rating_key="1", title="F")
    turn(mood_playlists=True)
    give.run()
    assert Shelf.objects.filter(connection=old).exists()


def test_our_collections_do_not_teach_the_model(synced: Connection, plex: DemoPlex) -> None:
    """What we put together ourselves says nothing new of a title."""
    turn(mood_collections=True)
    give.run()
    sync.run(full=True)
    assert not [i for i in MediaItem.objects.all() if any("MoodRec" in c for c in i.collections)]


def test_the_job_says_what_it_did(synced: Connection, plex: DemoPlex) -> None:
    turn(tonight_playlist=True)
    builders.ask(asked_at=timezone.now())
    told: list[str] = []
    result = give.run(report=lambda progress, detail="": told.append(detail))
    assert told == ["Refreshing “Tonight · MoodRec”"]
    assert result["detail"] == "1 of ours in Plex; 1 changed."


def test_our_collections_do_not_make_a_sync_read_their_titles_again(
    synced: Connection, plex: DemoPlex
) -> None:
    turn(mood_collections=True)
    sync.run()
    give.run()
    plex.requests.clear()
    result = sync.run()
    assert (result["created"], result["updated"]) == (0, 0)
