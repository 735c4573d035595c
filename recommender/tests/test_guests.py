"""An evening with guests: the link, what they wish for, what they see, and what they never see."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from feedback.models import Ask
from moodrec.security.redaction import redact
from moodrec.tests import builders
from plexsync.models import MediaItem
from recommender import gatherings
from recommender.models import Gathering, Guest
from recommender.moment import Answers
from recommender.wishes import Wish

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def host(client: Client, ada: User, films: list[MediaItem]) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def link(host: Client) -> str:
    """The link of an evening that has begun."""
    host.post("/guests/invite")
    address: str = host.get("/").context["party"].address
    return address.removeprefix("http://testserver")


def come(link: str, name: str = "Mia", **wish: Any) -> Client:
    """Open the link on a phone of one's own and send name and mood."""
    phone = Client()
    assert phone.get(link).status_code == 200
    assert phone.post(link, {"name": name, **wish}).status_code == 302
    return phone


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def ask_of(host: Client, **form: Any) -> Ask:
    host.post("/", form)
    return Ask.objects.latest("asked_at")


def test_a_guest_comes_by_the_link_and_the_host_sees_them(host: Client, link: str) -> None:
    come(link, vibe=["funny"], strong=["romantic"], avoid=["scary"])
    told = host.get("/guests", headers=HTMX).content.decode()
    assert "One guest is here" in told
    assert "Mia" in told
    assert "Romantic, very much" in told
    assert "not Scary" in told


def test_the_host_s_page_is_told_only_what_it_does_not_know(host: Client, link: str) -> None:
    seen = host.get("/").context["party"].seen
    assert host.get("/guests", {"seen": seen}, headers=HTMX).status_code == 204
    come(link)
    assert host.get("/guests", {"seen": seen}, headers=HTMX).status_code == 200


def test_what_guests_wish_for_is_asked_and_kept_by_every_spin(host: Client, link: str) -> None:
    come(link, strong=["romantic"], avoid=["dark"])
    ask = ask_of(host, vibe="funny")
    wish = {"name": "Mia", "vibe": ["romantic"], "strong": ["romantic"], "avoid": ["dark"]}
    assert ask.mood["guests"] == [wish]
    assert ask.mood["company"] == "group"
    assert ask.moment["moods"] == {"funny": 0.5, "romantic": 0.5}
    host.post(f"/asks/{ask.pk}/spin", {"spin": "too_long"})
    again = Ask.objects.latest("asked_at")
    assert again.pk != ask.pk
    assert again.mood["guests"] == [wish]
    assert Gathering.objects.get().ask == again


def test_what_a_guest_rules_out_is_not_shown(host: Client, link: str) -> None:
    come(link, avoid=["dramatic", "dark", "tense", "thoughtful", "scary"])
    ask = ask_of(host)
    alone = Answers.from_json({**ask.mood, "guests": []})
    assert ask.mood["guests"][0]["avoid"]
    assert alone.guests == ()
    without = ask_of(host, surprise="on")
    assert ask.remaining == without.remaining  # a surprise rules the same out
    host.post("/guests/end")
    assert ask_of(host).remaining > ask.remaining


def test_where_a_guest_s_word_blocks_it_is_named_and_can_be_loosened(
    host: Client, link: str
) -> None:
    come(link, avoid=["scary"])
    MediaItem.objects.update(available=False)
    builders.title("Fright", genres=["Horror"], summary="A haunted house, a killer, a curse.")
    ask = ask_of(host)
    assert not ask.suggestions.exists()
    assert [way["answer"] for way in ask.relax] == ["guests"]
    host.post(f"/asks/{ask.pk}/spin", {"relax": "guests"})
    assert Ask.objects.latest("asked_at").suggestions.count() == 1


def test_the_guest_s_page_waits_and_then_shows_the_three(host: Client, link: str) -> None:
    phone = come(link)
    assert "Your wishes are in" in text(phone, link)
    assert phone.get(f"{link}/now?seen=").status_code == 204
    ask = ask_of(host)
    shown = text(phone, f"{link}/now?seen=")
    for each in ask.suggestions.select_related("item"):
        assert each.item.title in shown.replace("&#x27;", "'").replace("&amp;", "&")
    assert phone.get(f"{link}/now?seen={ask.pk}").status_code == 204


def test_a_guest_may_change_their_mind(host: Client, link: str) -> None:
    phone = come(link, vibe=["funny"])
    phone.post(link, {"name": "Mia", "vibe": ["dark"]})
    assert gatherings.wishes(Guest.objects.all()) == (Wish("Mia", vibe=("dark",)),)


def test_a_guest_sees_the_posters_of_the_three_and_of_no_other_title(
    host: Client, link: str, films: list[MediaItem]
) -> None:
    phone = come(link)
    assert phone.get(f"{link}/posters/{films[0].pk}/300").status_code == 404
    shown = set(ask_of(host).suggestions.values_list("item_id", flat=True))
    for film in [*films[:5], *MediaItem.objects.filter(pk__in=shown)]:
        status = phone.get(f"{link}/posters/{film.pk}/300").status_code
        assert status == (200 if film.pk in shown else 404)
    assert phone.get(f"/posters/{films[0].pk}/300").status_code == 302  # to the sign-in page


def test_when_the_evening_is_over_the_link_tells_nothing(host: Client, link: str) -> None:
    phone = come(link)
    ask_of(host)
    host.post("/guests/end")
    for address in (link, f"{link}/now", f"{link}/posters/1/300", "/join/not-a-link"):
        assert phone.get(address).status_code == 410
    assert phone.post(link, {"name": "Mia"}).status_code == 410
    assert phone.get(f"{link}/now", headers=HTMX).status_code == 286  # and the page stops asking
    assert ask_of(host).mood["guests"] == []


def test_an_evening_ends_by_itself(host: Client, link: str) -> None:
    Gathering.objects.update(ends_at=timezone.now())
    assert Client().get(link).status_code == 410
    assert host.get("/").context["party"].gathering is None


def test_a_new_code_makes_the_old_one_worthless_and_keeps_the_guests(
    host: Client, link: str
) -> None:
    come(link)
    host.post("/guests/invite")
    assert Client().get(link).status_code == 410
    assert [guest.name for guest in host.get("/").context["party"].guests] == ["Mia"]


def test_another_s_guests_are_not_mine(host: Client, link: str, ben: User) -> None:
    come(link)
    other = Client()
    other.force_login(ben)
    assert other.get("/").context["party"].gathering is None
    assert ask_of(other).mood["guests"] == []


def test_the_link_is_stored_nowhere_and_logged_nowhere(
    host: Client, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = link.rpartition("/")[2]
    call_command("dumpdata", "recommender")
    assert token not in capsys.readouterr().out
    assert token not in redact(f'"GET {link} HTTP/1.1" 200')


def test_last_week_s_guests_are_forgotten(host: Client, link: str) -> None:
    come(link)
    Gathering.objects.update(ends_at=timezone.now() - timedelta(days=2))
    host.post("/guests/invite")
    assert not Guest.objects.exists()


def test_a_name_is_text_wherever_it_stands(host: Client, link: str) -> None:
    phone = come(link, name="<script>alert(1)</script>")
    for page in (text(host, "/"), text(phone, link)):
        assert "<script>alert" not in page


@pytest.mark.parametrize("form", [{}, {"name": "x" * 41}, {"name": "Mia", "vibe": "sleepy"}])
def test_a_wish_that_is_none_is_not_stored(link: str, form: dict[str, str]) -> None:
    assert Client().post(link, form).status_code == 200
    assert not Guest.objects.exists()


def test_the_house_is_full_at_some_point_and_nobody_can_send_without_end(link: str) -> None:
    for number in range(gatherings.MOST_GUESTS):
        come(link, name=f"Guest {number}")
    assert "The house is full" in Client().post(link, {"name": "One more"}).content.decode()
    for _ in range(20):
        answer = Client().post(link, {"name": "Again"})
    assert "sent many times" in answer.content.decode()
    assert Guest.objects.count() == gatherings.MOST_GUESTS


def test_a_guest_is_told_nothing_of_what_somebody_here_likes(host: Client, link: str) -> None:
    phone = come(link)
    shown = ask_of(host).suggestions.get(rank=1)
    shown.reasons = ["Ada gave two other thrillers two stars.", "Rated 8.5 by audiences."]
    shown.save()
    told = text(phone, link)
    assert "Rated 8.5 by audiences." in told
    assert "Ada gave" not in told


def test_a_guest_sees_what_stands_there_now_not_what_gave_way(host: Client, link: str) -> None:
    phone = come(link)
    gone = ask_of(host).suggestions.select_related("item").get(rank=1)
    host.post(f"/suggestions/{gone.pk}/away", {"why": "not_tonight"})
    assert len(phone.get(link).context["shown"]) == 3
    assert gone.pk not in [each.pk for each, _reasons in phone.get(link).context["shown"]]


def test_a_house_behind_one_address_may_change_its_mind_often(host: Client, link: str) -> None:
    phones = [come(link, name=f"Guest {number}") for number in range(6)]
    for _ in range(4):
        for phone in phones:
            answer = phone.post(link, {"name": "Mia", "vibe": ["dark"]})
            assert answer.status_code == 302  # 24 of them, all from 127.0.0.1
