"""Past evenings and favourites: grouped, filtered, each person's own, and quick with a thousand."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.evenings import evening_of
from moodrec.tests import builders

pytestmark = pytest.mark.django_db


def shown(browser: Client, **asked: str) -> str:
    return browser.get("/history", asked).content.decode()


def test_the_small_hours_belong_to_the_evening_before() -> None:
    late = timezone.make_aware(datetime(2026, 11, 22, 1, 30))  # noqa: DTZ001 (made aware)
    assert evening_of(late) == evening_of(late - timedelta(hours=4))
    assert evening_of(late) != evening_of(late + timedelta(hours=5))


def test_the_rounds_of_an_ask_stand_together(browser: Client) -> None:
    first = builders.ask()
    builders.suggestion(builders.title("Alien"), ask=first)
    spun = builders.ask(first=first, spin="too_heavy")
    builders.suggestion(builders.title("Paddington"), ask=spun)
    other = builders.ask(asked_at=timezone.now() - timedelta(days=3))
    builders.suggestion(builders.title("Heat"), ask=other)
    evenings = browser.get("/history").context["evenings"]
    assert [[len(rounds) for rounds in each.asks] for each in evenings] == [[2], [1]]
    assert "too heavy" in shown(browser)


def test_it_is_filtered_by_who_was_there_and_by_mood(browser: Client, ada: User, ben: User) -> None:
    funny = builders.ask(vibe=["funny"], viewers=[ada.viewer])
    builders.suggestion(builders.title("Airplane!"), ask=funny)
    tense = builders.ask(vibe=["tense"], viewers=[ada.viewer, ben.viewer])
    builders.suggestion(builders.title("Heat"), ask=tense)
    assert "Airplane!" in shown(browser, mood="funny")
    assert "Heat" not in shown(browser, mood="funny")
    assert "Airplane!" not in shown(browser, viewer="ben")
    assert "Heat" in shown(browser, viewer="ben", mood="tense")
    assert "No such evening" in shown(browser, viewer="ben", mood="funny")
    assert "Airplane!" in shown(browser, mood="no-such-mood")


def test_a_member_reads_only_of_evenings_they_were_at(client: Client, ada: User, ben: User) -> None:
    builders.suggestion(builders.title("Hers alone"), ask=builders.ask(viewers=[ada.viewer]))
    builders.suggestion(
        builders.title("Theirs"), ask=builders.ask(viewers=[ada.viewer, ben.viewer])
    )
    client.force_login(ben)
    for asked in ({}, {"viewer": "ada"}, {"mood": "tense"}):
        page = shown(client, **asked)
        assert "Theirs" in page
        assert "Hers alone" not in page


def test_history_and_favourites_ask_little_of_the_database(
    browser: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        ask = builders.ask(asked_at=timezone.now() - timedelta(days=number))
        for rank in (1, 2, 3):
            row = builders.suggestion(ask=ask, rank=rank)
            builders.feedback(on=row)
            builders.favorite(row.item)
    for page in ("/history", "/favorites"):
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200


def test_favourites_are_found_by_title_kind_and_whose(
    browser: Client, ada: User, ben: User
) -> None:
    builders.favorite(builders.title("Alien"), viewer=ada.viewer)
    builders.favorite(builders.series("Fargo"), viewer=ben.viewer)

    def found(**asked: str) -> list[str]:
        page = browser.get("/favorites", asked).context["page"]
        return [row.item.title for row in page]

    assert found(order="title") == ["Alien", "Fargo"]
    assert found(q="ali") == ["Alien"]
    assert found(type="show") == ["Fargo"]
    assert found(viewer="ben") == ["Fargo"]
    assert found(viewer="ben", q="alien") == []


def test_whoever_was_switched_off_is_offered_as_no_speaker(browser: Client) -> None:
    """A server shared with twenty friends is a household of two all the same."""
    builders.suggestion(builders.title("Heat"))
    builders.viewer("Ben")
    builders.viewer("Zoe", enabled=False)
    assert "Zoe" not in shown(browser)
    assert "Zoe" not in browser.get("/favorites", {"q": "x"}).content.decode()


@pytest.mark.parametrize(
    ("language", "told"), [("en", "until 9:30 PM"), ("de", "bis 21:30"), ("fr", "21:30")]
)
def test_a_time_on_the_clock_is_told_as_the_reader_writes_it(
    browser: Client, language: str, told: str
) -> None:
    ask = builders.ask()
    builders.suggestion(ask=ask)
    ask.mood["until"] = "21:30"
    ask.save()
    page = browser.get("/history", headers={"Accept-Language": language}).content.decode()
    assert told in page
    ask.mood["until"] = "at dawn"  # as no form stores it
    ask.save()
    assert "at dawn" in shown(browser)


def test_nothing_was_asked_no_time_in_french(browser: Client) -> None:
    """French says nought with the form of one, so that form must hold the number."""
    found = browser.get("/history", {"mood": "dark"}, headers={"Accept-Language": "fr"})
    assert "Demandé 0 fois" in found.content.decode()


HTMX = {"HX-Request": "true"}


def opened(page: str) -> list[str]:
    """What the forms that stand open are called."""
    return re.findall(r"<details class=\"talk\" open>\s*<summary[^>]*>\s*(.+?)\s*<span", page)


def test_the_forms_come_when_they_are_wanted_and_the_wanted_one_is_open(
    browser: Client, ada: User
) -> None:
    """A page of seventy titles would carry as many forms for each who lives here."""
    row = builders.feedback(
        on=builders.suggestion(ask=builders.ask(viewers=[ada.viewer, builders.viewer("Ben")]))
    )
    address = reverse("talk", args=[row.suggestion_id])
    page = shown(browser)
    assert '<form class="how"' not in page
    for who, told in (("ada", "Change what Ada said"), ("", "How was it for somebody else?")):
        assert f'hx-get="{address}?viewer={who}"' in page
        part = browser.get(address, {"viewer": who}, headers=HTMX).content.decode()
        assert opened(part) == [told]
        assert part.count('<form class="how"') == 2
        assert "<html" not in part


FOCUSED = r"<details class=\"talk\" (open)?>\s*<summary autofocus>\s*(.+?)\s*<span"


def test_after_saying_it_the_focus_is_on_what_was_said_and_after_a_mistake_on_the_form(
    browser: Client,
) -> None:
    say = reverse("say", args=[builders.suggestion().pk])
    for form, told in (
        ({"viewer": "ada"}, ("open", "How was it?")),
        ({"viewer": "ada", "rating": "4"}, ("", "Change what Ada said")),
        ({"viewer": "ada"}, ("open", "Change what Ada said")),
    ):
        page = browser.post(say, form, headers=HTMX).content.decode()
        assert re.findall(FOCUSED, page) == [told]


def test_without_scripts_the_forms_are_a_page_that_leads_back(browser: Client) -> None:
    row = builders.suggestion(builders.title("Alien"))
    there = reverse("talk", args=[row.pk])
    page = browser.get(there, {"viewer": ""}).content.decode()
    assert opened(page) == ["How was it?"]
    assert f'href="{reverse("history")}"' in page
    way = re.search(r'name="next"\s+value="([^"]+)"', page)
    form = {"rating": "4", "next": way[1] if way else ""}
    answer = browser.post(reverse("say", args=[row.pk]), form, follow=True)
    assert answer.redirect_chain[0][0].startswith(there)
    assert "4 of 5 stars" in answer.content.decode()


def test_nobody_is_led_to_speak_of_an_evening_they_were_not_at(
    client: Client, ada: User, ben: User
) -> None:
    row = builders.suggestion(ask=builders.ask(viewers=[ada.viewer]))
    client.force_login(ben)
    assert client.get(reverse("talk", args=[row.pk])).status_code == 404


def test_an_answer_is_changed_in_place(browser: Client) -> None:
    """Htmx gets only what changed: what is said of this title now."""
    row = builders.feedback(on=builders.suggestion(), rating=2)
    answer = browser.post(
        f"/suggestions/{row.suggestion_id}/feedback",
        {"rating": "5", "viewer": "ada"},
        headers=HTMX,
    )
    page = answer.content.decode()
    assert "5 of 5 stars" in page
    assert "<html" not in page
