""" "Why not this one?" says what `suggest` did: the same masks, scores and order, for every title."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import log
from feedback.models import Ask, Dismissal
from mlmodel.matrix import catalogue
from moodrec.tests import builders
from plexsync.models import MediaItem, Viewer
from recommender.moment import Answers
from recommender.suggest import Request, suggest
from recommender.title import blocking
from recommender.title.sitting import sitting
from recommender.title.why_page import loosened
from recommender.title.whynot import Verdict, why

pytestmark = pytest.mark.django_db


def verdict(ask: Ask, item: MediaItem) -> Verdict:
    row = catalogue().row_of(item.pk)
    assert row is not None
    return why(sitting(ask, catalogue()), row)


def facts(ask: Ask, item: MediaItem) -> list[str]:
    shelf = catalogue()
    row, sat = shelf.row_of(item.pk), sitting(ask, shelf)
    assert row is not None
    case = blocking.case_of(sat, row, MediaItem.objects.in_bulk())
    return blocking.facts(why(sat, row).blocked, case)


@pytest.fixture
def shelf() -> dict[str, MediaItem]:
    """Twelve titles that differ in everything that is asked."""
    comedy, horror = ["Comedy"], ["Horror"]
    builders.series("Fargo", genres=["Crime", "Comedy"], episode_count=20)
    builders.series("Short series", genres=comedy, runtime_minutes=22, episode_count=2)
    builders.title("Alien", genres=horror, content_rating="R", content_age=17)
    builders.title("Aliens", genres=["Action", "Horror"], year=1986, runtime_minutes=137)
    builders.title("Alien 3", genres=horror, year=1992, collections=["Alien Collection"])
    builders.title("Airplane!", genres=comedy, runtime_minutes=88, year=1980)
    builders.title("Unknown length", genres=comedy, runtime_minutes=None)
    builders.title("Long drama", genres=["Drama"], runtime_minutes=200)
    builders.title("Seen", genres=comedy, view_count=1)
    builders.title("For children", genres=["Family"], content_rating="G", content_age=0)
    copy = {"guid": "plex://movie/twin", "genres": comedy}
    builders.title("Twin", **copy)
    builders.title("Twin", **copy, edition="Long", library=builders.library("More films"))
    return {item.title: item for item in MediaItem.objects.all()}


ANSWERS = st.builds(
    Answers,
    vibe=st.sampled_from([(), ("funny",), ("scary",), ("funny", "scary")]),
    avoid=st.sampled_from([(), ("scary",), ("dramatic",)]),
    session=st.sampled_from(["any", "short", "movie", "binge", "episode"]),
    minutes=st.sampled_from([None, 45, 100, 150]),
    seen=st.sampled_from(["any", "new", "again"]),
    type=st.sampled_from(["any", "movie", "show"]),
    max_content_rating=st.sampled_from([None, "PG-13"]),
    order=st.sampled_from(["first", "any"]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(answers=ANSWERS, spins=st.sampled_from([(), ("",), ("too_long", "too_heavy")]))
def test_of_every_title_it_says_what_suggest_did(
    shelf: dict[str, MediaItem], answers: Answers, spins: tuple[str, ...]
) -> None:
    ask = suggest(Request(answers))
    for spin in spins:
        ask = suggest(Request(Answers.from_json(ask.mood), previous=ask, spin=spin))
    catalog = catalogue()
    sat = sitting(ask, catalog)
    items = MediaItem.objects.in_bulk(catalog.ids.tolist())
    rows = {items[pk]: row for row, pk in enumerate(catalog.ids.tolist())}
    told = {item: why(sat, row) for item, row in rows.items()}
    shown = {each.item: each for each in ask.suggestions.all()}
    fitting = [item for item, said in told.items() if said.fits]
    assert len(fitting) == ask.remaining + len(shown)
    assert {item for item, said in told.items() if said.rank} == set(shown)
    assert all(told[item].rank == each.rank for item, each in shown.items())
    assert sorted(told[item].place for item in fitting) == list(range(1, len(fitting) + 1))
    for each in shown.values():
        assert told[each.item].score == pytest.approx(each.score)
        if each.rank == 1:
            assert told[each.item].place == 1
    for item, said in told.items():
        case = blocking.case_of(sat, rows[item], items)
        assert said.fits or all(blocking.facts(said.blocked, case))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(answers=ANSWERS)
def test_loosening_all_that_rules_a_title_out_lets_it_fit(
    shelf: dict[str, MediaItem], answers: Answers
) -> None:
    ask, catalog = suggest(Request(answers)), catalogue()
    sat = sitting(ask, catalog)
    for row in range(len(catalog)):
        if why(sat, row).blocked:
            wider = sitting(replace_mood(ask, loosened(sat, row)), catalog)
            assert not why(wider, row).blocked


def replace_mood(ask: Ask, answers: Answers) -> Ask:
    ask.mood = answers.to_json()
    return ask


def test_each_answer_has_its_fact() -> None:
    long = builders.title("Long", runtime_minutes=163, genres=["Drama"], view_count=1)
    ada = builders.viewer("Ada", owns_plex_state=True)
    asked = Answers(vibe=("funny",), minutes=120, seen="new", type="show", session="short")
    ask = suggest(Request(asked, viewers=[ada]))
    told = facts(ask, long)
    assert "It runs 163 minutes; you had 120." in told
    assert "Seen already by Ada; you asked for something new." in told
    assert "It is a film; you asked for series only." in told
    assert "Something short is 60 minutes or less." in told
    assert any(text.startswith("“Funny”: it has ") for text in told)


def test_a_sequel_waits_for_what_comes_before_and_says_for_whom() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    first = builders.title("Alien", collections=["Alien Collection"])
    second = builders.title("Aliens", year=1986, collections=["Alien Collection"])
    builders.dismissal(first, viewer=ada, kind=Dismissal.Kind.SEEN_IT)
    ask = suggest(Request(Answers(), viewers=[ada, ben]))
    assert facts(ask, second) == ["It follows “Alien”, not seen yet by Ben."]
    alone = suggest(Request(Answers(), viewers=[ada]))
    assert verdict(alone, second).fits


def test_what_comes_before_is_not_named_to_whom_it_is_kept_from() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    first = builders.title("Alien", collections=["Alien Collection"], content_age=18)
    second = builders.title("Aliens", year=1986, collections=["Alien Collection"], content_age=12)
    builders.dismissal(first, viewer=ada, kind=Dismissal.Kind.SEEN_IT)
    Viewer.objects.filter(pk=ben.pk).update(content_cap=12)
    ask = suggest(Request(Answers(), viewers=[ada, Viewer.objects.get(pk=ben.pk)]))
    assert facts(ask, second) == ["It follows a title that comes first."]


@pytest.mark.parametrize(
    ("answers", "name", "told"),
    [
        (
            Answers(vibe=("funny",), strong=("funny",)),
            "Alien",
            ["“Funny”: it has 19 % of that; you asked for 60 % or more."],
        ),
        (
            Answers(session="binge", minutes=60),
            "Long drama",
            ["It is a film; you asked for episodes of a series."],
        ),
        (
            Answers(session="movie", type="movie"),
            "Fargo",
            ["It is a series; you asked for films only."],
        ),
        (
            Answers(session="short", minutes=100),
            "Long drama",
            ["Something short is 60 minutes or less.", "It runs 200 minutes; you had 100."],
        ),
        (
            Answers(minutes=100, shorter_than=88),
            "Long drama",
            ["It runs 200 minutes; you had 100.", "After “too long” it had to be under 88."],
        ),
    ],
)
def test_nothing_is_said_twice(
    shelf: dict[str, MediaItem], answers: Answers, name: str, told: list[str]
) -> None:
    ask = builders.ask(mood=answers.to_json())
    assert facts(ask, shelf[name]) == told


def test_what_somebody_never_wants_is_said_so() -> None:
    item, ada = builders.title(), builders.viewer("Ada")
    builders.dismissal(item, viewer=ada)
    builders.title("Other")
    assert verdict(suggest(Request(Answers(), viewers=[ada])), item).away == "unwanted"


def test_what_is_said_after_the_ask_is_no_reason_of_it() -> None:
    ada, ben = builders.viewer("Ada"), builders.viewer("Ben")
    for name in "abcd":
        builders.title(name, directors=[name])
    ask = suggest(Request(Answers(), viewers=[ada, ben], count=1))
    other = MediaItem.objects.exclude(suggestions__ask=ask).first()
    assert other is not None
    before = verdict(ask, other)
    builders.dismissal(other, viewer=ada)
    assert before.place
    assert verdict(ask, other) == before
    builders.feedback(other, viewer=ben)
    assert "resting" not in verdict(ask, other).notes
    assert list(sitting(ask, catalogue()).unwanted_since.values()) == [[("never", "Ada")]]
    assert verdict(suggest(Request(Answers(), viewers=[ada])), other).away == "unwanted"


@pytest.mark.parametrize(("kind", "away"), [("not_tonight", "unwanted"), ("seen_it", "replaced")])
def test_what_was_among_them_and_put_away_is_said_so(kind: str, away: str, ada: User) -> None:
    for name in "abcd":
        builders.title(name, directors=[name])
    ask = suggest(Request(Answers(), viewers=[ada.viewer], user=ada, count=1))
    first = ask.suggestions.get()
    log.dismissed([ada.viewer], [first.item_id], kind)
    builders.suggestion(
        MediaItem.objects.exclude(pk=first.item_id)[0], ask=ask, rank=1, shown_at=timezone.now()
    )
    assert verdict(ask, first.item).away == away


def test_an_earlier_round_and_another_copy_are_said_so(shelf: dict[str, MediaItem]) -> None:
    ask = suggest(Request(Answers()))
    again = suggest(Request(Answers(), previous=ask))
    for each in ask.suggestions.all():
        assert verdict(again, each.item).away == "earlier"
    funny = suggest(Request(Answers(vibe=("funny",))))
    said = [verdict(funny, item) for item in MediaItem.objects.filter(title="Twin")]
    assert [each.away for each in said].count("copy") == 1


def test_what_was_passed_over_lately_is_said_to_wait() -> None:
    ada, item = builders.viewer("Ada"), builders.title("Passed")
    for name in "abcd":
        builders.title(name, directors=[name], audience_rating=8.6)
    before = builders.ask(viewers=[ada], asked_at=timezone.now() - timedelta(days=1))
    builders.suggestion(item, ask=before)
    said = verdict(suggest(Request(Answers(), viewers=[ada])), item)
    assert "passed" in said.notes or said.rank


def test_two_of_one_story_are_never_shown_and_it_says_so() -> None:
    builders.title("Toy Story", collections=["Toys"], genres=["Animation"], view_count=1)
    builders.title("Toy Story 2", year=1999, collections=["Toys"], genres=["Animation"])
    for name in "abcd":
        builders.title(name, directors=[name], audience_rating=5.0)
    ask = suggest(Request(replace(Answers(), order="any")))
    shown = set(ask.suggestions.values_list("item__title", flat=True))
    other = MediaItem.objects.exclude(title__in=shown).get(title__startswith="Toy")
    assert "story" in verdict(ask, other).notes


# --- the page ---------------------------------------------------------------------------------


@pytest.fixture
def asked(ada: User) -> Ask:
    builders.title("Short", runtime_minutes=90)
    builders.title("Long", runtime_minutes=163)
    return suggest(Request(Answers(minutes=120), viewers=[ada.viewer], user=ada))


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_the_page_says_it_and_one_tap_loosens_it(client: Client, ada: User, asked: Ask) -> None:
    client.force_login(ada)
    long = MediaItem.objects.get(title="Long")
    assert "It runs 163 minutes; you had 120." in text(client, f"/titles/{long.pk}/why")
    answer = client.post(f"/titles/{long.pk}/loosen", {"ask": str(asked.pk)})
    newest = Ask.objects.order_by("-asked_at").first()
    assert newest is not None
    assert answer["Location"] == f"/asks/{newest.pk}"
    assert newest.mood["minutes"] == 163
    assert [each.item for each in newest.suggestions.all()] == [long]


def test_the_page_tells_what_was_said_since(client: Client, ada: User, asked: Ask) -> None:
    client.force_login(ada)
    long = MediaItem.objects.get(title="Long")
    builders.dismissal(long, viewer=ada.viewer)
    told = text(client, f"/titles/{long.pk}/why")
    assert "It runs 163 minutes; you had 120." in told
    assert "Since then Ada said: never." in told
    over = "That evening is over: what was seen since then counts as seen here."
    assert over not in told
    Ask.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert over in text(client, f"/titles/{long.pk}/why")


def test_somebody_else_s_ask_is_not_told(client: Client, ben: User, asked: Ask) -> None:
    client.force_login(ben)
    long = MediaItem.objects.get(title="Long")
    assert client.get(f"/titles/{long.pk}/why?ask={asked.pk}").status_code == 404
    assert client.post(f"/titles/{long.pk}/loosen", {"ask": str(asked.pk)}).status_code == 404
    assert "You have not asked yet" in text(client, f"/titles/{long.pk}/why")
    assert client.get(f"/titles/{long.pk}/why?ask=nonsense").status_code == 404
    assert Viewer.objects.count() == 2
