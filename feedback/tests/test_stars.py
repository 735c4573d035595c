"""Stars given here go to Plex: each under the account of who gave them, and each once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from feedback import log, stars
from feedback.models import Ask, Feedback, StarsTakenBack
from moodrec.jobs.models import Job
from moodrec.jobs.run import JobFailed, JobSkipped
from moodrec.notices import undo_address
from moodrec.tests import builders
from plexsync.demo.people import BEN
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem, Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(synced: Connection) -> Connection:
    """The household wants its stars in Plex."""
    Connection.objects.update(write_stars=True)
    return synced


@pytest.fixture
def ada(told: Connection) -> Viewer:
    """Whose watching the connected account's is."""
    return builders.viewer("Ada", owns_plex_state=True)


@pytest.fixture
def ben(told: Connection, plex: DemoPlex) -> Viewer:
    """A viewer with an account and a token of their own."""
    row = builders.viewer("Ben")
    row.plex_token = plex.ben_token
    row.save()
    return row


def film(key: int = 1001) -> MediaItem:
    return MediaItem.objects.get(rating_key=str(key))


def in_plex(plex: DemoPlex, account: int = 1, key: int = 1001) -> float | None:
    return plex.watching.of(account).of(key).rating


def sent(plex: DemoPlex) -> int:
    return plex.requests.kinds["rate"]


def test_stars_stand_in_plex_as_twice_as_many_points(ada: Viewer, plex: DemoPlex) -> None:
    log.said(ada, film(), {"rating": 4})
    assert stars.run()["detail"] == "1 star rating sent to Plex."
    assert in_plex(plex) == 8
    assert Feedback.objects.get().rating_sent == 4


def test_what_was_sent_is_not_sent_again(ada: Viewer, plex: DemoPlex) -> None:
    log.said(ada, film(), {"rating": 4})
    stars.run()
    stars.run()
    assert sent(plex) == 1


def test_a_series_is_rated_as_a_whole(ada: Viewer, plex: DemoPlex) -> None:
    series = MediaItem.objects.filter(type="show").first()
    assert series is not None
    log.said(ada, series, {"rating": 5})
    stars.run()
    assert in_plex(plex, key=int(series.rating_key)) == 10


def test_each_viewer_s_stars_stand_under_their_own_account(
    ada: Viewer, ben: Viewer, plex: DemoPlex
) -> None:
    before = in_plex(plex)
    log.said(ben, film(), {"rating": 1})
    stars.run()
    assert (in_plex(plex), in_plex(plex, BEN.number)) == (before, 2)
    log.said(ada, film(), {"rating": 5})
    stars.run()
    assert (in_plex(plex), in_plex(plex, BEN.number)) == (10, 2)


def test_the_newest_word_counts_whichever_evening_it_is_said_of(
    ada: Viewer, plex: DemoPlex
) -> None:
    first = builders.suggestion(film())
    log.said(ada, film(), {"rating": 2}, suggestion=first)
    log.said(ada, film(), {"rating": 5})
    stars.run()
    assert (in_plex(plex), sent(plex)) == (10, 1)
    log.said(ada, film(), {"rating": 2}, suggestion=first)
    stars.run()
    assert in_plex(plex) == 4
    log.said(ada, film(), {"rating": 5})  # as it was before
    stars.run()
    assert in_plex(plex) == 10


def test_saying_whether_it_was_finished_sends_nothing(ada: Viewer, plex: DemoPlex) -> None:
    log.said(ada, film(), {"completed": True})
    stars.run()
    assert sent(plex) == 0
    assert not Job.objects.exists()


def test_stars_that_came_from_plex_do_not_go_back(ada: Viewer, plex: DemoPlex) -> None:
    """Plex knows halves: 7 of 10 is 3½ stars, and must not become 8."""
    log.said(ada, film(), {"rating": 4}, source=Ask.Source.PLEX)
    stars.run()
    assert sent(plex) == 0
    assert not Job.objects.exists()
    log.said(ada, film(), {"rating": 2}, source=Ask.Source.WEB)
    stars.run()
    assert in_plex(plex) == 4


def test_a_viewer_whom_plex_does_not_know_keeps_their_stars_here(
    told: Connection, plex: DemoPlex
) -> None:
    log.said(builders.viewer("Guest"), film(), {"rating": 1})
    stars.run()
    assert sent(plex) == 0


def test_a_title_that_left_is_tried_once(ada: Viewer, plex: DemoPlex) -> None:
    log.said(ada, film(1001), {"rating": 3})
    log.said(ada, film(1002), {"rating": 3})
    plex.library.remove(1001)
    for _hour in range(3):
        stars.run()
    assert sent(plex) == 2
    assert in_plex(plex, key=1002) == 6


def test_titles_that_are_not_on_offer_are_passed_over(ada: Viewer, plex: DemoPlex) -> None:
    log.said(ada, film(), {"rating": 3})
    MediaItem.objects.update(available=False)
    stars.run()
    assert sent(plex) == 0


def test_a_server_that_is_busy_is_told_the_rest_later(ada: Viewer, plex: DemoPlex) -> None:
    for key in (1001, 1002, 1003):
        log.said(ada, film(key), {"rating": 3})
    plex.faults.set({"status": 503, "only_path": "/:/rate", "after_requests": 2})
    with pytest.raises(JobFailed) as caught:
        stars.run()
    assert caught.value.retry
    plex.faults.clear()
    assert stars.run()["sent"] == 2
    assert [in_plex(plex, key=key) for key in (1001, 1002, 1003)] == [6, 6, 6]


def test_a_viewer_whose_token_is_refused_does_not_stop_the_others(
    ada: Viewer, ben: Viewer, plex: DemoPlex
) -> None:
    del plex.accounts[plex.ben_token]
    log.said(ben, film(1001), {"rating": 3})
    log.said(ben, film(1002), {"rating": 3})
    log.said(ada, film(1002), {"rating": 3})
    result = stars.run()
    assert result["sent"] == 1
    assert "Ben" in result["detail"]
    assert in_plex(plex, key=1002) == 6


def test_a_household_whose_token_is_refused_is_not_asked_again_at_once(
    ada: Viewer, plex: DemoPlex
) -> None:
    log.said(ada, film(), {"rating": 3})
    plex.faults.set({"status": 401})
    with pytest.raises(JobFailed) as caught:
        stars.run()
    assert not caught.value.retry


def test_nothing_is_sent_while_the_switch_is_off(synced: Connection, plex: DemoPlex) -> None:
    log.said(builders.viewer("Ada", owns_plex_state=True), film(), {"rating": 4})
    with pytest.raises(JobSkipped):
        stars.run()
    assert not Job.objects.exists()
    assert sent(plex) == 0


def test_stars_given_while_the_switch_is_on_are_sent_at_once(
    ada: Viewer, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as after:
        log.said(ada, film(), {"rating": 4})
    assert Job.objects.get().kind == "stars"
    assert len(after) == 1


def test_stars_that_were_kept_back_stay_until_they_are_asked_for(
    ada: Viewer, plex: DemoPlex
) -> None:
    log.said(ada, film(), {"rating": 4})
    stars.keep_back()
    assert (stars.unsent(), len(stars.unsent(also_kept_back=True))) == ([], 1)
    stars.run()
    assert sent(plex) == 0
    stars.send_kept_back()
    stars.run()
    assert in_plex(plex) == 8


def test_sending_does_not_look_like_a_new_answer(ada: Viewer) -> None:
    """What changed since the model was trained is told by `updated_at`."""
    row, _created = log.said(ada, film(), {"rating": 4})
    stars.run()
    row.refresh_from_db()
    assert row.rating_sent == 4
    assert Feedback.objects.filter(updated_at=row.updated_at).exists()
    assert not Feedback.objects.filter(updated_at__gt=row.said_at, rating_sent=None).exists()


def test_nobody_s_token_stands_in_an_address(ada: Viewer, ben: Viewer, plex: DemoPlex) -> None:
    log.said(ben, film(), {"rating": 4})
    stars.run()
    assert not [a for a in plex.requests.asked if plex.ben_token in a.target]


def post(browser: Client, address: str, **form: int) -> str:
    """Do what a button of a page does; return the address that takes it back."""
    answer = browser.post(address, form, follow=True)
    return [undo_address(message) for message in answer.context["messages"]][-1]


def say_in_the_browser(browser: Client, rating: int = 4) -> str:
    """Give stars as the owner does on a page; return the address that takes them back."""
    shown = builders.suggestion(film())
    return post(browser, f"/suggestions/{shown.pk}/feedback", rating=rating)


@pytest.fixture
def browser(client: Client, ada: Viewer) -> Client:
    ada.user = builders.owner()
    ada.save()
    client.force_login(ada.user)
    return client


def test_the_first_stars_taken_back_are_taken_back_in_plex(browser: Client, plex: DemoPlex) -> None:
    undo = say_in_the_browser(browser)
    stars.run()
    assert in_plex(plex) == 8
    browser.post(undo)
    stars.run()
    assert in_plex(plex) is None
    stars.run()
    assert sent(plex) == 2  # each once


def test_stars_taken_back_before_plex_heard_of_them_never_reach_it(
    browser: Client, plex: DemoPlex
) -> None:
    before = in_plex(plex)
    browser.post(say_in_the_browser(browser))
    stars.run()
    assert (in_plex(plex), sent(plex)) == (before, 0)


def test_an_answer_off_the_record_takes_its_stars_from_plex_and_undone_brings_them_back(
    browser: Client, plex: DemoPlex
) -> None:
    say_in_the_browser(browser)
    stars.run()
    undo = post(browser, f"/answers/{Feedback.objects.get().pk}/delete")
    stars.run()
    assert in_plex(plex) is None
    browser.post(undo)
    stars.run()
    assert in_plex(plex) == 8


def test_where_other_stars_for_the_title_remain_plex_is_told_those(
    browser: Client, ada: Viewer, plex: DemoPlex
) -> None:
    log.said(ada, film(), {"rating": 3}, suggestion=builders.suggestion(film()))
    stars.run()
    undo = say_in_the_browser(browser, rating=5)
    stars.run()
    assert in_plex(plex) == 10
    browser.post(undo)
    stars.run()
    assert in_plex(plex) == 6


def test_stars_added_to_an_answer_and_taken_back_are_gone_from_plex(
    browser: Client, ada: Viewer, plex: DemoPlex
) -> None:
    shown = builders.suggestion(film())
    log.said(ada, film(), {"completed": True}, suggestion=shown)
    undo = post(browser, f"/suggestions/{shown.pk}/feedback", rating=4)
    stars.run()
    browser.post(undo)
    stars.run()
    assert in_plex(plex) is None
    assert Feedback.objects.get().rating_sent is None


def test_stars_given_anew_count_over_those_taken_back(
    browser: Client, ada: Viewer, plex: DemoPlex
) -> None:
    undo = say_in_the_browser(browser)
    stars.run()
    browser.post(undo)
    log.said(ada, film(), {"rating": 2})
    stars.run()
    assert (in_plex(plex), StarsTakenBack.objects.exists()) == (4, False)


def test_where_plex_is_told_no_stars_none_wait_to_be_taken_back(browser: Client) -> None:
    undo = say_in_the_browser(browser)
    stars.run()
    Connection.objects.update(write_stars=False)
    browser.post(undo)
    assert not StarsTakenBack.objects.exists()
