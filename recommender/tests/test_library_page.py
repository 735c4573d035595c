"""The library page: filters, orders, who sees what, and what htmx is given."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.models import Dismissal
from moodrec.tests import builders
from plexsync.models import Library, MediaItem, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(ada: User) -> None:
    builders.title("Alien", genres=["Horror"], content_rating="R", content_age=17)
    builders.title(
        "Airplane!", year=1980, genres=["Comedy"], runtime_minutes=88, audience_rating=7.4,
        content_rating="PG", content_age=8,
    )  # fmt: skip
    builders.title("Stalker", genres=["Drama"], runtime_minutes=161, view_count=1)
    builders.series("Fargo", year=2014, genres=["Crime"])


def names(client: Client, query: str = "", **headers: Any) -> list[str]:
    page = client.get(f"/library{query}", **headers)
    assert page.status_code == 200
    return [card.item.title for card in page.context["cards"]]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Airplane!", "Alien", "Fargo", "Stalker"]),
        ("?q=al", ["Alien"]),
        ("?q=weaver+ali", ["Alien"]),
        ("?type=show", ["Fargo"]),
        ("?genre=Drama", ["Stalker"]),
        ("?mood=funny", ["Airplane!"]),
        ("?decade=1980", ["Airplane!"]),
        ("?length=90", ["Airplane!", "Fargo"]),
        ("?length=long", ["Stalker"]),
        ("?age=13", ["Airplane!"]),
        ("?seen=again", ["Stalker"]),
        ("?seen=new&type=movie", ["Airplane!", "Alien"]),
        ("?sort=year", ["Fargo", "Airplane!", "Alien", "Stalker"]),
        ("?sort=rating", ["Alien", "Fargo", "Stalker", "Airplane!"]),
        ("?q=zzz", []),
    ],
)
def test_filters_and_orders(
    client: Client, shelf: None, ada: User, query: str, titles: list[str]
) -> None:
    client.force_login(ada)
    assert names(client, query) == titles


def test_best_fit_is_the_order_of_what_the_mood_would_bring(
    client: Client, shelf: None, ada: User
) -> None:
    client.force_login(ada)
    assert names(client, "?sort=fit&type=movie")[0] == "Alien"
    assert set(names(client, "?sort=fit")) == {"Airplane!", "Alien", "Fargo", "Stalker"}


def test_a_library_narrows_and_a_copy_is_shown_once(client: Client, ada: User) -> None:
    other = builders.library("More films")
    builders.title("Twin", guid="plex://movie/twin")
    builders.title("Twin", guid="plex://movie/twin", edition="Long cut", library=other)
    client.force_login(ada)
    assert names(client) == ["Twin"]
    assert names(client, f"?library={other.pk}") == ["Twin"]


@pytest.mark.parametrize("query", ["?genre=Nonsense", "?decade=x", "?sort=worst", "?library=99"])
def test_a_filter_that_is_not_offered_is_said_so(
    client: Client, shelf: None, ada: User, query: str
) -> None:
    client.force_login(ada)
    assert names(client, query) == []
    assert "is not one of the available choices" in client.get(f"/library{query}").content.decode()


def test_a_member_sees_nothing_above_their_age_and_may_not_open_it(
    client: Client, shelf: None, ben: User
) -> None:
    Viewer.objects.filter(user=ben).update(content_cap=12)
    client.force_login(ben)
    assert names(client) == ["Airplane!"]
    alien = MediaItem.objects.get(title="Alien")
    for part in ("", "/household", "/why"):
        assert client.get(f"/titles/{alien.pk}{part}").status_code == 404
    assert client.post(f"/titles/{alien.pk}/dismiss").status_code == 404


def test_htmx_is_given_what_changes_and_the_next_shelf_full(client: Client, ada: User) -> None:
    for number in range(60):
        builders.title(f"Film {number:02}")
    client.force_login(ada)
    found = client.get("/library?q=film", headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in found
    assert "60 titles" in found
    assert found.count("<li>") == 48
    more = {"HX-Request": "true", "HX-Target": "more"}
    rest = client.get("/library?q=film&page=2", headers=more).content.decode()
    assert rest.count("<li>") == 12
    assert 'id="more"' not in rest
    whole = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<h1" in client.get("/library?q=film", headers=whole).content.decode()
    assert len(names(client, "?q=film&page=2")) == 12  # without scripts the link works, too


@pytest.mark.parametrize("path", ["/library", "/library?sort=fit&seen=new&mood=scary&q=a"])
def test_few_queries_however_many_titles(
    client: Client, shelf: None, ben: User, path: str, django_assert_max_num_queries: Any
) -> None:
    Viewer.objects.filter(user=ben).update(content_cap=17)
    client.force_login(ben)
    client.get(path)
    with django_assert_max_num_queries(12):
        client.get(path)


def test_an_empty_library_says_what_to_do(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert "Nothing on the shelf yet" in client.get("/library").content.decode()


# --- one title -----------------------------------------------------------------------------------


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_a_title_tells_its_moods_and_why(client: Client, shelf: None, ada: User) -> None:
    client.force_login(ada)
    alien = MediaItem.objects.get(title="Alien")
    page = text(client, f"/titles/{alien.pk}")
    assert "from horror" in page
    assert "Sigourney Weaver" in page
    assert f"?try={alien.pk}" in page


@pytest.mark.parametrize(("language", "said"), [("en", "rated 8.2"), ("de", "Bewertung 8,2")])
def test_a_rating_is_written_as_the_reader_writes_numbers(
    client: Client, ada: User, language: str, said: str
) -> None:
    client.force_login(ada)
    good = builders.title("Metropolis", genres=["Drama"], audience_rating=8.2)
    answer = client.get(f"/titles/{good.pk}", headers={"accept-language": language})
    assert said in answer.content.decode()


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**20])
def test_no_title_has_a_number_that_none_can_have(number: int, client: Client, ada: User) -> None:
    client.force_login(ada)
    for page in ("", "/household", "/why"):
        assert client.get(f"/titles/{number}{page}").status_code == 404


def test_hostile_titles_are_only_text(client: Client, ada: User) -> None:
    bad = "<script>alert(1)</script>"
    item = builders.title(bad, summary=bad, genres=[bad], cast=[bad], directors=[bad])
    builders.dismissal(item, viewer=ada.viewer)
    client.force_login(ada)
    for part in ("", "/household", "/why"):
        assert "<script>alert" not in client.get(f"/titles/{item.pk}{part}").content.decode()
    assert "<script>alert" not in client.get("/library?q=<script>").content.decode()


def test_each_tells_of_those_they_speak_for_only(
    client: Client, shelf: None, ada: User, ben: User
) -> None:
    alien = MediaItem.objects.get(title="Alien")
    for user in (ada, ben):
        builders.feedback(alien, viewer=user.viewer)
    client.force_login(ben)
    page = text(client, f"/titles/{alien.pk}/household")
    assert "Ben" in page
    assert "Ada" not in page.split("<main", 1)[1]
    client.force_login(ada)
    assert "Ben" in text(client, f"/titles/{alien.pk}/household")


def test_never_is_said_and_taken_back(client: Client, shelf: None, ben: User) -> None:
    alien = MediaItem.objects.get(title="Alien")
    client.force_login(ben)
    there = f"/titles/{alien.pk}/dismiss"
    client.post(there, {"viewer": "ben", "kind": "never"})
    assert Dismissal.objects.get().kind == "never"
    assert "Ben never wants to see it." in text(client, f"/titles/{alien.pk}/household")
    client.post(there, {"viewer": "ben", "kind": "never", "wanted": "1"})
    assert not Dismissal.objects.exists()
    client.post(there, {"viewer": "ada", "kind": "never"})
    assert not Dismissal.objects.exists()  # nobody says it for somebody else


def test_a_title_that_left_says_so(client: Client, shelf: None, ada: User) -> None:
    Library.objects.filter(title="Films").update(enabled=False)
    alien = MediaItem.objects.get(title="Alien")
    client.force_login(ada)
    assert "It is not on offer now" in text(client, f"/titles/{alien.pk}")
    assert "It is not on offer" in text(client, f"/titles/{alien.pk}/why")


def test_its_story_stands_in_order_and_what_is_like_it_beside(client: Client, ada: User) -> None:
    first = builders.title("Alien", collections=["Alien Collection"])
    second = builders.title("Aliens", year=1986, collections=["Alien Collection"])
    builders.title("The Thing", year=1982, directors=["John Carpenter"])
    builders.title("Amélie", genres=["Romance"], directors=["J"], cast=["A"], summary="Love.")
    client.force_login(ada)
    page = client.get(f"/titles/{second.pk}")
    assert page.context["story"] == [first, second]
    assert [item.title for item in page.context["similar"]] == ["The Thing"]


@pytest.mark.parametrize("part", [""])
def test_a_title_s_pages_need_few_queries(
    client: Client, shelf: None, ben: User, part: str, django_assert_max_num_queries: Any
) -> None:
    fargo = MediaItem.objects.get(title="Fargo")
    client.force_login(ben)
    client.get(f"/titles/{fargo.pk}{part}")
    with django_assert_max_num_queries(12):
        client.get(f"/titles/{fargo.pk}{part}")


def test_no_filter_names_a_library_or_genre_of_which_nothing_may_be_seen(
    client: Client, shelf: None, ada: User, ben: User
) -> None:
    builders.title("Late", library=builders.library("After midnight"), genres=["Erotic"])
    Viewer.objects.filter(user=ben).update(content_cap=12)
    client.force_login(ben)
    told = client.get("/library").content.decode()
    assert "After midnight" not in told
    assert "Erotic" not in told
    assert client.get("/library?library=99&genre=Erotic").context["cards"] == []
    client.force_login(ada)
    told = client.get("/library").content.decode()
    assert "After midnight" in told
    assert "Erotic" in told


def test_from_the_three_a_missing_title_is_found_and_tells_why(client: Client, ada: User) -> None:
    item = builders.title()
    ask = builders.suggestion(item, ask=builders.ask(user=ada)).ask
    client.force_login(ada)
    library = f'/library?ask={ask.pk}"'
    assert library in client.get(f"/asks/{ask.pk}").content.decode()
    wall = client.get("/library", {"ask": str(ask.pk)}).content.decode()
    assert f'href="/titles/{item.pk}?ask={ask.pk}#why"' in wall
    page = client.get(f"/titles/{item.pk}", {"ask": str(ask.pk)}).content.decode()
    assert f"/titles/{item.pk}/why?ask={ask.pk}" in page


def test_a_title_s_page_leads_to_its_trailer_while_it_is_on_offer(
    client: Client, shelf: None, ada: User
) -> None:
    item = MediaItem.objects.get(title="Alien")
    client.force_login(ada)
    assert f'href="/titles/{item.pk}/trailer"' in client.get(f"/titles/{item.pk}").content.decode()
    Library.objects.filter(title="Films").update(enabled=False)
    assert "/trailer" not in client.get(f"/titles/{item.pk}").content.decode()
