"""The page "Giving back": each switch with what it does, what differs, and one way out of it all."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.models import Feedback
from moodrec.jobs.models import Job
from moodrec.tests import builders
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, Shelf
from recommender import give
from recommender.shelves import OPTIONS, Household

pytestmark = pytest.mark.django_db
PAGE = "/giving-back"


@pytest.fixture
def owner(client: Client, ada: User) -> Client:
    """A browser in which the owner is signed in."""
    client.force_login(ada)
    return client


def shown(browser: Client, address: str = PAGE) -> str:
    """The page's words, without the line breaks between them."""
    return " ".join(unescape(browser.get(address).content.decode()).split())


def switch(browser: Client, option: str, **told: str) -> None:
    assert browser.post(f"{PAGE}/switch", {"option": option, **told})["Location"] == PAGE


def test_without_a_plex_there_is_nothing_to_give_back_to(owner: Client) -> None:
    assert owner.get(PAGE)["Location"] == "/connect"


def test_the_page_shows_what_each_switch_would_do(owner: Client, films: list[MediaItem]) -> None:
    page = shown(owner)
    assert page.count(">Switch on<") == 4
    assert page.count("See what would be in it") == 3
    assert "Take everything out" not in page
    preview = shown(owner, f"{PAGE}?show=mood_playlists")
    assert "Scary · MoodRec" in preview
    assert "25 titles" in preview


@pytest.mark.parametrize("option", ["tonight_playlist", "mood_playlists", "mood_collections"])
def test_an_empty_library_would_give_nothing(owner: Client, option: str) -> None:
    builders.connection()
    assert "Nothing would stand there" in shown(owner, f"{PAGE}?show={option}")


def test_a_preview_of_what_nobody_knows_is_the_plain_page(owner: Client) -> None:
    builders.connection()
    assert "Close the preview" not in shown(owner, f"{PAGE}?show=write_stars")


def test_many_shelves_cost_the_page_no_more_than_one(
    owner: Client, films: list[MediaItem], django_assert_max_num_queries: Any
) -> None:
    row = builders.connection()
    row.mood_playlists = row.mood_collections = row.tonight_playlist = True
    row.save()
    plan = [shelf for option in OPTIONS for shelf in Household(row).plan(option)]
    for made in plan:
        known = {"kind": made.kind, "slug": made.slug, "library": made.library}
        Shelf.objects.create(
            connection=row, title=made.title, rating_key="1", keys=made.keys, **known
        )
    shown(owner)
    with django_assert_max_num_queries(12):
        shown(owner)
    for option in OPTIONS:
        with django_assert_max_num_queries(28):
            shown(owner, f"{PAGE}?show={option}")


def test_the_page_asks_plex_nothing(owner: Client, synced: Connection, plex: DemoPlex) -> None:
    shown(owner)
    shown(owner, f"{PAGE}/remove")
    assert not plex.requests.asked


def test_a_switch_that_is_turned_on_goes_to_work(owner: Client, films: list[MediaItem]) -> None:
    switch(owner, "mood_playlists", on="1")
    assert Connection.objects.get().mood_playlists
    assert Job.objects.get().kind == "shelves"
    assert "Switch off" in shown(owner)


def test_lists_are_named_as_whoever_switches_the_first_one_on_speaks(
    owner: Client, films: list[MediaItem]
) -> None:
    german = {"Accept-Language": "de"}
    assert "Their names in Plex" not in shown(owner)
    before = owner.get(f"{PAGE}?show=mood_playlists", headers=german).content.decode()
    assert "Lustig · MoodRec" in before
    told = {"option": "mood_playlists", "on": "1"}
    owner.post(f"{PAGE}/switch", told, headers=german)
    assert "Lustig · MoodRec" in shown(owner, f"{PAGE}?show=mood_playlists")
    switch(owner, "tonight_playlist", on="1")  # in English, and nothing changes
    assert '<option value="de" lang="de" selected>' in shown(owner)


def test_another_language_is_chosen_for_the_lists(owner: Client, films: list[MediaItem]) -> None:
    switch(owner, "mood_playlists", on="1")
    Job.objects.all().delete()
    answer = owner.post(f"{PAGE}/language", {"language": "fr"}, follow=True)
    assert "are being renamed" in answer.content.decode()
    assert Job.objects.get().kind == "shelves"
    assert "Drôle · MoodRec" in shown(owner, f"{PAGE}?show=mood_playlists")
    assert owner.post(f"{PAGE}/language", {"language": "tlh"}).status_code == 404


def test_a_switch_that_nobody_knows_is_refused(owner: Client) -> None:
    builders.connection()
    assert owner.post(f"{PAGE}/switch", {"option": "token", "on": "1"}).status_code == 404


def test_the_owner_is_asked_before_old_stars_are_sent(owner: Client) -> None:
    builders.feedback(builders.title(), rating=4)
    assert "Also send the 1 given so far" in shown(owner)
    switch(owner, "write_stars", on="1")
    assert Feedback.objects.get().rating_sent == 0
    assert not Job.objects.exists()
    switch(owner, "write_stars", on="0")
    switch(owner, "write_stars", on="1", old="1")
    assert Feedback.objects.get().rating_sent is None
    assert Job.objects.get().kind == "stars"


def test_whose_stars_stay_here_is_said(owner: Client) -> None:
    builders.feedback(builders.title(), rating=4, viewer=builders.viewer("Guest"))
    assert "Stars of Guest stay here" in shown(owner)


def test_the_page_shows_what_the_next_refresh_changes(
    owner: Client, synced: Connection, plex: DemoPlex
) -> None:
    preview = f"{PAGE}?show=mood_playlists"
    Connection.objects.update(mood_playlists=True)
    give.run()
    assert "10 are in Plex, refreshed: today" in shown(owner)
    assert "as in Plex" in shown(owner, preview)
    shelf = Shelf.objects.get(slug="funny")
    gone = MediaItem.objects.get(rating_key=shelf.keys[0])
    gone.available = False
    gone.save()
    gone.library.touch()
    page = shown(owner, preview)
    assert f"<del>{gone}</del>" in page
    assert "1 to take away" in page


def test_what_went_wrong_is_said_with_its_shelf(owner: Client, films: list[MediaItem]) -> None:
    Shelf.objects.create(
        connection=builders.connection(),
        kind="playlist",
        slug="funny",
        title="Funny · MoodRec",
        problem="Plex answered 500.",
    )
    assert "Funny · MoodRec: Plex answered 500." in shown(owner)


def test_a_refresh_can_be_asked_for(owner: Client, films: list[MediaItem]) -> None:
    owner.post(f"{PAGE}/refresh")
    assert {job.kind for job in Job.objects.all()} == {"shelves", "stars"}


def test_taking_everything_out_is_asked_twice(
    owner: Client, synced: Connection, plex: DemoPlex
) -> None:
    Connection.objects.update(write_stars=True, mood_playlists=True, tonight_playlist=True)
    give.run()
    page = shown(owner, f"{PAGE}/remove")
    assert "Funny · MoodRec" in page
    assert plex.playlists.by_key
    owner.post(f"{PAGE}/remove")
    current = Connection.objects.get()
    assert not any([current.write_stars, current.mood_playlists, current.tonight_playlist])
    assert Job.objects.get().kind == "shelves"
    give.run()
    assert not plex.playlists.by_key
    assert "Take everything out" not in shown(owner)
    assert "Nothing of ours is in Plex" in shown(owner, f"{PAGE}/remove")


def test_what_could_not_be_taken_out_is_shown(
    owner: Client, synced: Connection, plex: DemoPlex
) -> None:
    Connection.objects.update(tonight_playlist=True)
    give.run()
    owner.post(f"{PAGE}/remove")
    plex.faults.set({"status": 500, "only_path": "/playlists"})
    give.run()
    page = shown(owner)
    assert "Still in Plex" in page
    assert "Plex answered 500" in page
    assert "Try again" in page


def test_nobody_but_the_owner_gives_anything_back(client: Client, ben: User) -> None:
    builders.connection()
    client.force_login(ben)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}/remove").status_code == 403
    for address in ("switch", "refresh", "remove"):
        assert client.post(f"{PAGE}/{address}").status_code == 403
