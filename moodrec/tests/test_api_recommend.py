"""GET /recommend keeps the HTTP contract."""

import uuid

import pytest
import time_machine
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from rest_framework.test import APIClient

from feedback.models import Ask, Dismissal, Suggestion
from moodrec.tests import builders
from moodrec.tests.household import client_of
from plexsync.models import MediaItem, Viewer

pytestmark = pytest.mark.django_db

KEYS = {
    "suggestion", "plex_id", "title", "year", "type", "genres", "runtime_minutes",
    "content_rating", "summary", "poster", "plex_url", "next_episode", "role", "score", "reasons", "drawback",
}  # fmt: skip


def test_it_answers_with_every_field_of_the_contract(
    api: APIClient, films: list[MediaItem]
) -> None:
    answer = api.get("/recommend", {"vibe": "funny"}).json()
    assert set(answer) == {"ask", "mood", "model", "suggestions", "remaining", "relax"}
    assert answer["mood"] == {
        "vibe": ["funny"],
        "company": "solo",
        "session": "any",
        "minutes": None,
        "seen": "any",
        "type": "any",
    }
    assert answer["model"] == {"version": None, "kind": "prior", "examples": 0}
    assert [set(shown) for shown in answer["suggestions"]] == [KEYS] * 3
    assert answer["relax"] == []


def test_the_roles_come_in_order_and_every_title_has_a_reason(
    api: APIClient, films: list[MediaItem]
) -> None:
    shown = api.get("/recommend").json()["suggestions"]
    assert [s["role"] for s in shown] == ["safe_bet", "stretch", "wildcard"]
    assert all(s["reasons"] for s in shown)
    assert all(0 < s["score"] < 1 for s in shown)


def test_a_trailing_slash_works_too(api: APIClient, films: list[MediaItem]) -> None:
    assert api.get("/recommend/").status_code == 200


def test_vibes_may_be_repeated_or_separated_by_commas(
    api: APIClient, films: list[MediaItem]
) -> None:
    commas = api.get("/recommend?vibe=romantic,funny").json()
    repeated = api.get("/recommend?vibe=funny&vibe=romantic").json()
    assert commas["mood"]["vibe"] == repeated["mood"]["vibe"] == ["funny", "romantic"]
    assert commas["remaining"] == repeated["remaining"]


def test_it_shows_only_what_fits_the_time(api: APIClient, films: list[MediaItem]) -> None:
    shown = api.get("/recommend", {"minutes": 90}).json()["suggestions"]
    assert shown
    assert all(s["runtime_minutes"] <= 90 for s in shown)


def test_finish_by_is_the_time_until_then(api: APIClient, films: list[MediaItem]) -> None:
    # 19:00 UTC is 20:00 in Berlin, where the tests live
    with time_machine.travel("2026-01-10T19:00:00Z", tick=False):
        answer = api.get("/recommend", {"finish_by": "21:45"}).json()
        spun = api.get("/recommend", {"ask": answer["ask"], "minutes": 60}).json()
    assert answer["mood"]["minutes"] == 105
    assert Ask.objects.get(pk=answer["ask"]).mood["until"] == "21:45"  # as the page of it tells
    assert Ask.objects.get(pk=spun["ask"]).mood["until"] is None


def test_finish_by_past_midnight_is_tomorrow(api: APIClient, films: list[MediaItem]) -> None:
    with time_machine.travel("2026-01-10T22:30:00Z", tick=False):
        answer = api.get("/recommend", {"finish_by": "01:00"}).json()
    assert answer["mood"]["minutes"] == 90


def test_count_limits_how_many_are_shown(api: APIClient, films: list[MediaItem]) -> None:
    assert len(api.get("/recommend", {"count": 1}).json()["suggestions"]) == 1


def test_a_rating_cap_hides_what_is_above_it_and_what_is_unrated(
    api: APIClient, films: list[MediaItem]
) -> None:
    MediaItem.objects.filter(content_rating="PG").update(content_age=8)
    MediaItem.objects.filter(content_rating="R").update(content_age=17)
    for _ in range(3):
        shown = api.get("/recommend", {"max_content_rating": "PG"}).json()["suggestions"]
        assert {s["content_rating"] for s in shown} == {"PG"}


def test_new_hides_what_plex_and_the_viewer_have_seen(api: APIClient, ada: User) -> None:
    builders.title("Seen in Plex", view_count=1)
    told = builders.title("Told to be seen")
    builders.feedback(told, viewer=Viewer.objects.get(slug="ada"), completed=True)
    builders.title("New")
    answer = api.get("/recommend", {"seen": "new"}).json()
    assert [s["title"] for s in answer["suggestions"]] == ["New"]


def test_again_shows_only_what_was_seen(api: APIClient) -> None:
    builders.title("Seen", view_count=2)
    builders.title("New")
    answer = api.get("/recommend", {"seen": "again"}).json()
    assert [s["title"] for s in answer["suggestions"]] == ["Seen"]


def test_a_binge_is_a_series_with_episodes_left(api: APIClient) -> None:
    builders.title("A film")
    builders.series("All watched", episode_count=8, watched_episodes=7)
    builders.series("Plenty left", episode_count=8)
    answer = api.get("/recommend", {"session": "binge"}).json()
    assert [s["title"] for s in answer["suggestions"]] == ["Plenty left"]


def test_a_title_that_plex_lost_is_not_shown(api: APIClient) -> None:
    builders.title("Gone", available=False)
    assert api.get("/recommend").json()["suggestions"] == []


def test_the_same_film_in_two_libraries_is_shown_once(api: APIClient) -> None:
    builders.title("Alien", guid="plex://movie/same")
    builders.title("Alien", guid="plex://movie/same", library=builders.library("4K"))
    assert len(api.get("/recommend").json()["suggestions"]) == 1


def test_spinning_again_repeats_nothing_until_all_were_shown(
    api: APIClient, films: list[MediaItem]
) -> None:
    first = api.get("/recommend", {"vibe": "scary"}).json()
    seen = [s["plex_id"] for s in first["suggestions"]]
    ask, remaining = first["ask"], first["remaining"]
    while remaining:
        again = api.get("/recommend", {"ask": ask}).json()
        assert again["mood"] == first["mood"]
        seen += [s["plex_id"] for s in again["suggestions"]]
        ask, remaining = again["ask"], again["remaining"]
    assert len(seen) == len(set(seen))
    assert api.get("/recommend", {"ask": ask}).json()["suggestions"] == []


def test_too_long_brings_something_shorter(api: APIClient, films: list[MediaItem]) -> None:
    first = api.get("/recommend").json()
    longest = max(s["runtime_minutes"] for s in first["suggestions"])
    again = api.get("/recommend", {"ask": first["ask"], "spin": "too_long"}).json()
    assert all(s["runtime_minutes"] < longest for s in again["suggestions"])


def test_never_hides_the_shown_titles_for_good(api: APIClient, films: list[MediaItem]) -> None:
    first = api.get("/recommend", {"vibe": "scary"}).json()
    api.get("/recommend", {"ask": first["ask"], "spin": "never"})
    dismissed = {s["plex_id"] for s in first["suggestions"]}
    assert Dismissal.objects.filter(kind="never").count() == 3
    total = api.get("/recommend", {"vibe": "scary"}).json()
    assert total["remaining"] == first["remaining"] - 3
    assert not dismissed & {s["plex_id"] for s in total["suggestions"]}


def test_when_nothing_fits_it_names_what_blocks(api: APIClient) -> None:
    for runtime in (118, 121, 130):
        builders.title(f"{runtime} minutes", runtime_minutes=runtime)
    answer = api.get("/recommend", {"minutes": 100}).json()
    assert answer["suggestions"] == []
    assert answer["relax"] == [{"answer": "minutes", "value": 130, "matches": 3}]


def test_what_was_shown_is_stored_with_what_the_scorer_saw(
    api: APIClient, films: list[MediaItem]
) -> None:
    answer = api.get("/recommend", {"vibe": "tense", "minutes": "120"}).json()
    ask = Ask.objects.get(pk=answer["ask"])
    row = Suggestion.objects.get(pk=answer["suggestions"][0]["suggestion"])
    assert ask.mood["minutes"] == 120
    assert row.candidate["title"]["title"] == answer["suggestions"][0]["title"]
    assert row.candidate["moment"]["moods"] == {"tense": 1.0}
    assert row.candidate["viewer"] == "ada"


def test_a_group_is_scored_for_everybody_named(
    api: APIClient, ben: User, films: list[MediaItem]
) -> None:
    answer = api.get("/recommend?viewer=ada&viewer=ben").json()
    assert answer["mood"]["company"] == "group"
    ask = Ask.objects.get(pk=answer["ask"])
    assert set(ask.viewers.values_list("slug", flat=True)) == {"ada", "ben"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("vibe=cheesy", "vibe"),
        ("vibe=funny,cheesy", "vibe"),
        ("company=crowd", "company"),
        ("session=long", "session"),
        ("minutes=9", "minutes"),
        ("minutes=1441", "minutes"),
        ("minutes=NaN", "minutes"),
        ("finish_by=25:00", "finish_by"),
        ("finish_by=21:00&minutes=90", "finish_by"),
        ("seen=maybe", "seen"),
        ("type=song", "type"),
        ("viewer=nobody", "viewer"),
        ("max_content_rating=whatever", "max_content_rating"),
        ("count=0", "count"),
        ("count=4", "count"),
        ("ask=12", "ask"),
        (f"ask={uuid.UUID(int=1)}", "ask"),
        ("spin=too_long", "spin"),
        ("vibes=funny", "vibes"),
        ("minutes=60&minutes=90", "minutes"),
    ],
)
def test_an_unknown_value_is_400_and_names_the_field(
    api: APIClient, query: str, field: str
) -> None:
    answer = api.get(f"/recommend?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == {field}
    assert all(isinstance(message, str) for message in answer.json()[field])


def test_without_a_key_it_is_401() -> None:
    answer = APIClient().get("/recommend")
    assert answer.status_code == 401
    assert "detail" in answer.json()


def test_a_key_in_the_address_is_no_key(ada: User) -> None:
    _row, key = AuthToken.objects.create(ada)
    assert APIClient().get(f"/recommend?token={key}").status_code == 401


def test_nobody_spins_an_ask_of_others(api: APIClient, ben: User, films: list[MediaItem]) -> None:
    ask = api.get("/recommend").json()["ask"]
    assert client_of(ben).get("/recommend", {"ask": ask}).status_code == 400


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["vibe", "company", "minutes", "finish_by", "viewer", "count", "ask", "spin",
             "max_content_rating", "type"]
        ),
        st.text(max_size=30),
    )
)  # fmt: skip
def test_no_query_whatever_is_a_server_error(api: APIClient, query: dict[str, str]) -> None:
    assert api.get("/recommend", query).status_code in {200, 400}


def test_answers_given_with_an_ask_change_that_answer_only(
    api: APIClient, films: list[MediaItem]
) -> None:
    first = api.get("/recommend", {"vibe": "funny"}).json()
    again = api.get("/recommend", {"ask": first["ask"], "minutes": "90"}).json()
    assert again["mood"] == {**first["mood"], "minutes": 90}
    assert all(s["runtime_minutes"] <= 90 for s in again["suggestions"])


@pytest.mark.parametrize(
    "query",
    [
        "vibe=scary&minutes=40",
        "minutes=60&max_content_rating=G",
        "vibe=funny&vibe=scary&minutes=70",
    ],
)
def test_loosening_as_advised_brings_what_was_promised(
    api: APIClient, films: list[MediaItem], query: str
) -> None:
    answer = api.get(f"/recommend?{query}").json()
    assert answer["suggestions"] == []
    for way in answer["relax"]:
        parameters = [p for p in query.split("&") if not p.startswith(way["answer"])]
        if way["value"] not in (None, [], "any"):
            parameters.append(f"{way['answer']}={way['value']}")
        loosened = api.get(f"/recommend?{'&'.join(parameters)}").json()
        assert loosened["remaining"] + len(loosened["suggestions"]) == way["matches"]


def test_what_a_spin_narrowed_can_be_loosened_again(api: APIClient) -> None:
    builders.title("Short", runtime_minutes=80)
    builders.title("Long", runtime_minutes=180)
    first = api.get("/recommend", {"minutes": "100"}).json()
    again = api.get(
        "/recommend", {"ask": first["ask"], "spin": "too_long", "minutes": "200"}
    ).json()
    assert again["suggestions"] == []
    assert again["relax"] == [{"answer": "spin", "value": None, "matches": 1}]


def test_a_member_says_never_only_for_oneself(ada: User, ben: User, films: list[MediaItem]) -> None:
    script = client_of(ben)
    ask = script.get("/recommend?viewer=ada&viewer=ben").json()["ask"]
    script.get("/recommend", {"ask": ask, "spin": "never"})
    assert set(Dismissal.objects.values_list("viewer__slug", flat=True)) == {"ben"}


def test_a_rated_title_is_not_new_any_more(api: APIClient) -> None:
    item = builders.title()
    builders.feedback(
        item, viewer=Viewer.objects.get(slug="ada"), completed=None, would_watch_again=None
    )
    assert api.get("/recommend", {"seen": "new"}).json()["suggestions"] == []


def test_an_abandoned_title_is_still_new(api: APIClient) -> None:
    item = builders.title()
    builders.feedback(item, viewer=Viewer.objects.get(slug="ada"), completed=False, rating=1)
    assert len(api.get("/recommend", {"seen": "new"}).json()["suggestions"]) == 1


def test_somebody_else_may_binge_what_the_owner_finished(api: APIClient, ben: User) -> None:
    builders.series("Fargo", episode_count=8, watched_episodes=8)
    assert api.get("/recommend", {"session": "binge"}).json()["suggestions"] == []
    assert len(api.get("/recommend?session=binge&seen=again").json()["suggestions"]) == 1
    assert len(client_of(ben).get("/recommend?session=binge").json()["suggestions"]) == 1


def test_a_night_when_clocks_change_has_its_true_length(
    api: APIClient, films: list[MediaItem]
) -> None:
    # 00:30 in Berlin; at two the clock jumps to three
    with time_machine.travel("2026-03-28T23:30:00Z", tick=False):
        answer = api.get("/recommend", {"finish_by": "06:00"}).json()
    assert answer["mood"]["minutes"] == 270


def test_a_head_logs_no_ask(api: APIClient, films: list[MediaItem]) -> None:
    assert api.head("/recommend").status_code == 405
    assert not Ask.objects.exists()


def test_the_catalogue_can_be_searched(api: APIClient) -> None:
    builders.title("Alien", year=1979)
    builders.title("Paddington", year=2014, genres=["Family"], runtime_minutes=95)
    builders.series("Fargo", year=2014, genres=["Crime"])
    queries = {
        "q=ALI": "Alien",
        "genre=Family": "Paddington",
        "year=1979": "Alien",
        "year_max=1990": "Alien",
        "type=show": "Fargo",
        "year_min=2000&max_minutes=60": "Fargo",
    }
    for query, title in queries.items():
        found = api.get(f"/api/media?{query}").json()["results"]
        assert [item["title"] for item in found] == [title], query


@pytest.mark.parametrize("query", ["year=1e400", "year=NaN", "year=" + "9" * 40, "type=song"])
def test_a_search_for_nonsense_is_400(api: APIClient, query: str) -> None:
    assert api.get(f"/api/media?{query}").status_code == 400


def test_nobody_fetches_a_whole_table_at_once(api: APIClient, films: list[MediaItem]) -> None:
    assert len(api.get("/api/media?limit=100000").json()["results"]) == 200
