"""Nobody is offered, shown or told of what Plex keeps from their account."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from feedback import log
from mlmodel import learn
from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync import people, reading, sight
from plexsync.demo.people import DORA
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, PlexAccount, Sight, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(synced: Connection, plex: DemoPlex) -> Viewer:
    """A child's managed account: the server lists it the films and not the series."""
    viewer = builders.viewer("Dora")
    viewer.plex_id = viewer.history_id = DORA.plex_id
    viewer.plex_token = plex.token_of("dora")
    viewer.save()
    return viewer


def read(viewer: Viewer) -> None:
    current = Connection.current()
    assert current is not None
    reading.read(viewer, current, people.client_of(viewer, current), full=True)


def kinds(*viewers: Viewer, user: User | None = None) -> set[str]:
    """The kinds of what is offered to these; a binge, where series may be offered at all."""
    binge = Request(Answers(session="binge"), viewers=viewers, user=user)
    anything = replace(binge, answers=Answers(session="movie"))
    asks = (suggest(binge), suggest(anything))
    return {shown.item.type for ask in asks for shown in ask.suggestions.select_related("item")}


def test_a_child_is_offered_the_libraries_that_plex_lists_it_and_so_is_its_company(
    dora: Viewer,
) -> None:
    ada = builders.viewer("Ada", owns_plex_state=True)
    read(dora)
    assert kinds(ada) == {"movie", "show"}
    assert kinds(dora) == {"movie"}
    assert kinds(ada, dora) == {"movie"}


def test_a_title_that_plex_keeps_from_a_child_is_not_offered_to_it(dora: Viewer) -> None:
    films = MediaItem.objects.filter(type="movie")
    gory = builders.title("Gory", library=films[0].library, rating_key="999999")
    read(dora)
    others = MediaItem.objects.exclude(type="movie")
    assert sight.limits_of(None, [dora])[0] == {gory.pk, *others.values_list("pk", flat=True)}
    MediaItem.objects.filter(rating_key="1005").delete()
    MediaItem.objects.filter(pk=gory.pk).update(rating_key="1005")  # which Plex does list
    read(dora)
    assert gory.pk not in sight.limits_of(None, [dora])[0]


def test_a_single_title_is_kept_back_where_every_library_is_shared(ben: User) -> None:
    gory, other = builders.title("Gory"), builders.title("Alien")
    theirs = Viewer.objects.get(user=ben)
    seen = Sight.objects.create(
        viewer=theirs, connection=gory.library.connection, library_keys=[gory.library.key]
    )
    for user, present in ((None, [theirs]), (ben, []), (ben, [theirs])):
        assert sight.limits_of(user, present)[0] == set()
    seen.hidden.add(gory)
    for user, present in ((None, [theirs]), (ben, []), (ben, [theirs])):
        assert sight.limits_of(user, present)[0] == {gory.pk}
    seen.library_keys = []
    seen.save()
    assert sight.limits_of(ben, [])[0] == {gory.pk, other.pk}


@pytest.fixture
def guest(ben: User) -> User:
    """Ben signs in with Plex; the films are shared with him, the series are not."""
    PlexAccount.objects.create(user=ben, plex_id=5, username="ben", checked_at=timezone.now())
    film, show = builders.title("Alien", thumb="/t"), builders.series("Fargo")
    Sight.objects.create(
        viewer=ben.viewer,
        connection=film.library.connection,
        library_keys=[film.library.key],
    )
    assert show.library.key != film.library.key
    return ben


@pytest.fixture
def hidden(guest: User) -> MediaItem:
    return MediaItem.objects.get(title="Fargo")


def test_a_guest_finds_no_trace_of_what_is_not_shared(guest: User, hidden: MediaItem) -> None:
    browser, script = Client(), client_of(guest)
    browser.force_login(guest)
    for address in (f"/posters/{hidden.pk}/300", f"/art/{hidden.pk}/640"):
        assert browser.get(address).status_code == 404
    assert browser.get(f"/titles/{hidden.pk}/play").status_code == 404
    assert browser.post(f"/titles/{hidden.pk}/favorite", {"wanted": "1"}).status_code == 404
    assert [row["title"] for row in script.get("/api/media").json()["results"]] == ["Alien"]
    assert script.get(f"/api/media/{hidden.rating_key}").status_code == 404
    said = {"plex_id": hidden.rating_key, "rating": 5}
    assert script.post("/feedback", said, format="json").status_code == 400
    kept = {"plex_id": hidden.rating_key}
    assert script.post("/api/favorites", kept, format="json").status_code == 400
    everybody = script.get("/recommend?viewer=ben").json()
    assert "Fargo" not in str(everybody)


def test_a_guest_who_asks_for_others_still_gets_what_is_shared_with_the_guest(
    guest: User, hidden: MediaItem
) -> None:
    ada = builders.viewer("Ada", owns_plex_state=True)
    assert kinds(ada, user=guest) == {"movie"}


def test_the_household_s_own_see_everything(guest: User, hidden: MediaItem, ada: User) -> None:
    browser = Client()
    cleo = builders.member("cleo")
    builders.viewer("Cleo", user=cleo)
    for user in (ada, cleo):
        browser.force_login(user)
        assert browser.get(f"/posters/{hidden.pk}/300").status_code == 200


def test_a_guest_of_whom_nothing_is_known_sees_nothing_and_is_told_why(guest: User) -> None:
    Sight.objects.all().delete()
    browser = Client()
    browser.force_login(guest)
    assert "no library that is shared with you" in browser.get("/").content.decode()
    assert kinds(user=guest) == set()


def test_a_server_that_is_new_here_shows_a_guest_nothing_of_the_old_one_s_rights(
    guest: User,
) -> None:
    old = builders.connection()
    Connection.objects.update(active=False)
    new = builders.connection(machine_identifier="machine-2")
    films = builders.library("Films", connection=new, key=old.libraries.get(title="Films").key)
    builders.title("Aliens", library=films)
    assert kinds(user=guest) == set()


@pytest.fixture
def learnt(hidden: MediaItem, ada: User) -> None:
    """Ada loves what Agnès Varda made, what is not shared with Ben among it, and nothing else."""
    library = MediaItem.objects.get(title="Alien").library
    MediaItem.objects.filter(pk=hidden.pk).update(directors=["Agnès Varda"])
    for n in range(12):
        log.said(ada.viewer, builders.title(f"Dull {n}", library=library), {"rating": 1})
        hers = builders.title(f"Film {n}", library=library, directors=["Agnès Varda"])
        if n < 4:
            log.said(ada.viewer, hers, {"rating": 5})
    log.said(ada.viewer, MediaItem.objects.get(pk=hidden.pk), {"rating": 5})
    assert learn.run(asked=True)["active"]


def test_no_reason_names_a_title_that_is_kept_from_who_hears_it(
    guest: User, learnt: None, ada: User
) -> None:
    def told(user: User | None, *viewers: Viewer) -> str:
        request = Request(Answers(), viewers=viewers, user=user, count=3)
        rows = [suggest(request).suggestions.all() for _ in range(6)]
        return str([row.reasons for shown in rows for row in shown])

    alone, together = told(ada, ada.viewer), told(ada, ada.viewer, guest.viewer)
    by_guest = told(guest, ada.viewer)
    assert "Fargo" in alone
    assert "Film" in together
    assert "Fargo" not in together + by_guest


def test_a_guest_reads_no_belief_that_names_what_is_not_shared(
    guest: User, learnt: None, ada: User
) -> None:
    def page(user: User) -> str:
        browser = Client()
        browser.force_login(user)
        return browser.get("/model").content.decode()

    assert "Agnès Varda" in page(ada)
    assert "Agnès Varda" not in page(guest)
    assert "What MoodRec believes about you" in page(guest)
