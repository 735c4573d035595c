"""What can be done with a card of the three, with htmx and without."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from time_machine import travel

from feedback.models import Ask, Dismissal, Suggestion
from moodrec.jobs.models import Job
from moodrec.notices import undo_address
from moodrec.tests import builders
from plexsync.models import Connection, Episode, MediaItem, WatchedEpisode
from recommender.moment import Answers
from recommender.suggest import Request, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(films: list[MediaItem], ada: User) -> Ask:
    return suggest(Request(Answers(vibe=("funny",)), viewers=[ada.viewer], user=ada))


def on_stage(browser: Client, ask: Ask) -> list[str]:
    page = browser.get(f"/asks/{ask.pk}")
    return [card.shown.item.title for card in page.context["table"].cards]


def away(browser: Client, shown: Suggestion, why: str, **headers: str) -> Any:
    return browser.post(f"/suggestions/{shown.pk}/away", {"why": why}, headers=headers)


HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("why", ["not_tonight", "seen_it", "never"])
def test_a_card_gives_way_to_another_title_of_the_same_ask(
    browser: Client, ask: Ask, why: str
) -> None:
    before = on_stage(browser, ask)
    first = ask.suggestions.get(rank=1)
    answer = away(browser, first, why, **HTMX)
    after = on_stage(browser, ask)
    assert after[1:] == before[1:]
    assert after[0] not in before
    assert after[0] in answer.content.decode()
    ask.refresh_from_db()
    assert f"{ask.remaining} more titles fit" in answer.content.decode()
    assert Dismissal.objects.get().kind == why


def test_a_card_that_gave_way_already_brings_no_second_title(browser: Client, ask: Ask) -> None:
    """Two phones, or two taps: what came in its place was put away by nobody."""
    first = ask.suggestions.get(rank=1)
    away(browser, first, "not_tonight")
    after = on_stage(browser, ask)
    answer = away(browser, first, "never", **HTMX)
    assert on_stage(browser, ask) == after
    assert after[0] in answer.content.decode()
    assert "Nothing else fits" not in answer.content.decode()
    assert {row.kind for row in Dismissal.objects.all()} == {"not_tonight", "never"}


def test_the_tonight_playlist_follows_a_card_that_gave_way(browser: Client, ask: Ask) -> None:
    Connection.objects.update(tonight_playlist=True)
    away(browser, ask.suggestions.get(rank=1), "never")
    assert Job.objects.filter(kind="shelves").exists()


def test_what_is_left_counts_down_and_nothing_comes_twice(browser: Client, ask: Ask) -> None:
    left, shown = ask.remaining, set(on_stage(browser, ask))
    for _ in range(4):
        away(browser, ask.suggestions.filter(rank=2).latest("shown_at"), "not_tonight")
        ask.refresh_from_db()
        left -= 1
        assert ask.remaining == left
        new = set(on_stage(browser, ask)) - shown
        assert len(new) == 1
        shown |= new


def test_undo_brings_the_very_same_three_back(browser: Client, ask: Ask) -> None:
    before, remaining = on_stage(browser, ask), ask.remaining
    answer = away(browser, ask.suggestions.get(rank=3), "never", **HTMX)
    [message] = answer.context["messages"]
    browser.post(undo_address(message))
    ask.refresh_from_db()
    assert (on_stage(browser, ask), ask.remaining) == (before, remaining)
    assert not Dismissal.objects.exists()


def test_where_nothing_else_fits_the_place_stays_empty_and_can_be_filled_again(
    browser: Client, ada: User
) -> None:
    builders.title("Alien")
    ask = suggest(Request(Answers(), viewers=[ada.viewer], user=ada))
    [shown] = ask.suggestions.all()
    assert "Bring it back" in away(browser, shown, "not_tonight", **HTMX).content.decode()
    browser.post(f"/suggestions/{shown.pk}/bring-back", headers=HTMX)
    assert "Bring it back" not in browser.get(f"/asks/{ask.pk}").content.decode()


def test_not_tonight_is_for_this_evening_only(browser: Client, ada: User) -> None:
    item = builders.title("Alien")
    ask = suggest(Request(Answers(), viewers=[ada.viewer], user=ada))
    away(browser, ask.suggestions.get(), "not_tonight")
    assert not suggest(Request(Answers(), viewers=[ada.viewer])).suggestions.exists()
    Dismissal.objects.update(said_at=timezone.now() - timedelta(days=1))
    assert suggest(Request(Answers(), viewers=[ada.viewer])).suggestions.get().item == item


def test_a_spin_forgets_nothing_that_gave_way(browser: Client, ask: Ask) -> None:
    """What is not on the stage any more is not among what "seen them" speaks of."""
    gone = ask.suggestions.get(rank=1)
    away(browser, gone, "not_tonight")
    browser.post(f"/asks/{ask.pk}/spin", {"spin": "seen_it"})
    seen = Dismissal.objects.filter(kind="seen_it").values_list("item_id", flat=True)
    assert gone.item_id not in seen
    assert len(seen) == 3


def test_opening_it_in_plex_is_remembered_and_taken_back(browser: Client, ask: Ask) -> None:
    shown = ask.suggestions.get(rank=1)
    answer = browser.post(f"/suggestions/{shown.pk}/open")
    assert answer["Location"] == shown.item.plex_url
    shown.refresh_from_db()
    assert shown.chosen_at is not None
    assert "Enjoy!" in browser.get(f"/suggestions/{shown.pk}/card").content.decode()
    assert "Chosen" in browser.get("/history").content.decode()
    browser.post(f"/suggestions/{shown.pk}/not-chosen")
    shown.refresh_from_db()
    assert shown.chosen_at is None


@pytest.mark.parametrize("door", ["spin", "away"])
def test_until_a_time_holds_for_what_comes_later_that_evening(
    browser: Client, films: list[MediaItem], ada: User, door: str
) -> None:
    """Asked at eight "until eleven": at half past nine there is an hour and a half left."""
    eight = timezone.make_aware(datetime(2026, 1, 9, 20))  # noqa: DTZ001 (local time, made aware)
    answers = Answers(minutes=180, until="23:00")
    ask = suggest(Request(answers, viewers=[ada.viewer], user=ada, now=eight))
    with travel(eight + timedelta(minutes=90), tick=False):
        browser.force_login(ada)
        if door == "spin":
            browser.post(f"/asks/{ask.pk}/spin")
            shown = list(Ask.objects.latest("asked_at").suggestions.all())
        else:
            away(browser, ask.suggestions.get(rank=1), "not_tonight")
            shown = [ask.suggestions.filter(rank=1).latest("shown_at")]
    assert shown
    assert all((each.item.runtime_minutes or 0) <= 90 for each in shown)


def test_a_loosened_time_is_not_said_to_end_by_the_clock(browser: Client, ada: User) -> None:
    builders.title("Long", runtime_minutes=163)
    asked = Request(Answers(minutes=30, until="21:00"), viewers=[ada.viewer], user=ada)
    ask = suggest(asked)
    answer = browser.post(f"/asks/{ask.pk}/spin", {"relax": "minutes"})
    page = browser.get(answer["Location"]).content.decode()
    assert "up to 170 min" in page
    assert "until 21:00" not in page


def test_nobody_touches_the_cards_of_others(client: Client, ask: Ask, ben: User) -> None:
    client.force_login(ben)
    shown = ask.suggestions.get(rank=1)
    for door in ("away", "bring-back", "open", "not-chosen", "play", "list", "not-watched"):
        assert client.post(f"/suggestions/{shown.pk}/{door}", {"why": "never"}).status_code == 404
    assert not Dismissal.objects.exists()


def test_never_by_a_guest_of_the_evening_is_their_own_word(
    client: Client, films: list[MediaItem], ada: User, ben: User
) -> None:
    together = [ada.viewer, ben.viewer]
    ask = suggest(Request(Answers(), viewers=together, user=ada))
    client.force_login(ben)
    away(client, ask.suggestions.get(rank=1), "never")
    assert [row.viewer for row in Dismissal.objects.all()] == [ben.viewer]


def test_a_series_tells_when_one_and_when_two_episodes_are_over(browser: Client, ada: User) -> None:
    series = builders.series(runtime_minutes=40)
    for number in (1, 2):
        Episode.objects.create(item=series, rating_key=f"e{number}", season=1, number=number)
    ask = suggest(Request(Answers(), viewers=[ada.viewer], user=ada))
    [card] = browser.get(f"/asks/{ask.pk}").context["table"].cards
    assert card.two_end_at - card.ends_at == timedelta(minutes=40)


def test_the_night_the_clocks_change_it_ends_when_the_clock_will_say_so(
    browser: Client, ada: User
) -> None:
    """At three in the morning of 25 October it is two again in Berlin, where the tests live."""
    shown = builders.suggestion(builders.title("Alien", runtime_minutes=117))
    with travel("2026-10-25T00:00:00Z", tick=False):
        browser.force_login(ada)
        page = browser.get(f"/asks/{shown.ask.pk}").content.decode()
    assert "Ends at <strong>2:57 AM</strong>" in page


def test_what_is_played_is_the_episode_that_the_card_tells(
    browser: Client, ada: User, ben: User
) -> None:
    """Ada is an episode ahead of Ben: together they go on where he is."""
    series = builders.series()
    first, second = (
        Episode.objects.create(item=series, rating_key=f"e{n}", season=1, number=n) for n in (1, 2)
    )
    WatchedEpisode.objects.create(viewer=ada.viewer, episode=first)
    shown = builders.suggestion(series, ask=builders.ask(viewers=[ada.viewer, ben.viewer]))
    [card] = browser.get(f"/asks/{shown.ask.pk}").context["table"].cards
    assert card.episode == first
    assert browser.get(f"/suggestions/{shown.pk}/play").context["episode"] == first
    assert browser.get(f"/titles/{series.pk}/play").context["episode"] == second


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_the_page_of_the_three_asks_little_of_the_database(
    client: Client, ada: User, ben: User, who: str, django_assert_max_num_queries: Any
) -> None:
    builders.version(3)
    ask = builders.ask(viewers=[ada.viewer, ben.viewer], model_version=3)
    for rank in (1, 2, 3):
        item = builders.series(f"Series {rank}")
        Episode.objects.create(item=item, rating_key=f"e{rank}", season=1, number=1)
        builders.feedback(on=builders.suggestion(item, ask=ask, rank=rank))
    client.force_login(User.objects.get(username=who))
    with django_assert_max_num_queries(12):
        assert client.get(f"/asks/{ask.pk}").status_code == 200
