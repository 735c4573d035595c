"""What follows for the log from what was watched in Plex: weak, and never over what somebody said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback import log, memory, watching
from feedback.models import Ask, Feedback, Suggestion
from moodrec.tests import builders
from plexsync.models import MediaItem, Play, TitleState, Viewer

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ben() -> Viewer:
    return builders.viewer("Ben")


def shown_to(viewer: Viewer, item: MediaItem, at: datetime) -> Suggestion:
    return builders.suggestion(item, ask=builders.ask(viewers=[viewer], asked_at=at))


def play(viewer: Viewer, item: MediaItem, at: datetime, key: str = "") -> Play:
    return Play.objects.create(
        viewer=viewer, item=item, rating_key=key or item.rating_key, played_at=at, source="history"
    )


def said() -> list[tuple[str, bool | None, bool | None]]:
    rows = Feedback.objects.order_by("pk")
    return [(row.source, row.completed, row.would_watch_again) for row in rows]


def test_what_was_suggested_and_watched_was_finished(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 5 * HOUR)
    play(ben, shown.item, now)
    assert watching.consider() == 1
    row = Feedback.objects.get()
    assert (row.viewer, row.suggestion, row.said_at) == (ben, shown, now)
    assert said() == [("plex", True, None)]
    assert row.candidate["moment"] == shown.ask.moment  # what the scorer saw
    assert watching.consider() == 0
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("gap", [73 * HOUR, -HOUR])
def test_a_play_long_after_or_before_the_suggestion_says_nothing(
    ben: Viewer, gap: timedelta
) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - gap)
    play(ben, shown.item, now)
    assert watching.consider() == 0
    assert Play.objects.get().considered


def test_a_play_that_nobody_suggested_says_nothing(ben: Viewer) -> None:
    play(ben, builders.title(), timezone.now())
    watching.consider()
    assert said() == []


def test_what_was_suggested_to_somebody_else_says_nothing(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(builders.viewer("Ada"), builders.title(), now - HOUR)
    play(ben, shown.item, now)
    watching.consider()
    assert said() == []


def test_the_newest_of_several_suggestions_wins(ben: Viewer) -> None:
    now, film = timezone.now(), builders.title()
    shown_to(ben, film, now - 2 * DAY)
    newest = shown_to(ben, film, now - HOUR)
    play(ben, film, now)
    watching.consider()
    assert Feedback.objects.get().suggestion == newest


def test_a_copy_in_another_library_is_the_same_film(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title("Alien"), now - HOUR)
    copy = builders.title("Alien", guid=shown.item.guid, library=builders.library("4K"))
    play(ben, copy, now)
    watching.consider()
    assert Feedback.objects.get().item == shown.item


def test_titles_without_a_guid_are_no_copies_of_each_other(ben: Viewer) -> None:
    now = timezone.now()
    shown_to(ben, builders.title("Home video", guid=""), now - HOUR)
    play(ben, builders.title("Another", guid=""), now)
    watching.consider()
    assert said() == []


def test_watched_again_after_a_month_would_be_watched_again(ben: Viewer) -> None:
    now, film = timezone.now(), builders.title()
    play(ben, film, now - 40 * DAY)
    shown_to(ben, film, now - HOUR)
    play(ben, film, now)
    watching.consider()
    assert said() == [("plex", True, True)]


def test_the_rest_of_it_on_the_next_day_is_not_again(ben: Viewer) -> None:
    now, film = timezone.now(), builders.title()
    shown_to(ben, film, now - 2 * DAY)
    play(ben, film, now - DAY)
    play(ben, film, now)
    watching.consider()
    assert said() == [("plex", True, None)]


def test_watched_after_it_was_said_to_be_finished_is_again(ben: Viewer) -> None:
    now, film = timezone.now(), builders.title()
    builders.feedback(film, viewer=ben, said_at=now - 9 * DAY, would_watch_again=None, source="api")
    shown_to(ben, film, now - HOUR)
    play(ben, film, now)
    watching.consider()
    assert said()[1] == ("plex", True, True)


@pytest.mark.parametrize("where", ["of the suggestion", "of the title"])
def test_what_somebody_said_is_never_overwritten(ben: Viewer, where: str) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 3 * HOUR)
    on = shown if where == "of the suggestion" else None
    builders.feedback(
        shown.item, on=on, viewer=ben, completed=False, would_watch_again=False, said_at=now - HOUR
    )
    play(ben, shown.item, now)
    assert watching.consider() == 0
    assert said() == [("web", False, False)]


def test_what_somebody_says_later_makes_it_theirs(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 3 * HOUR)
    play(ben, shown.item, now - HOUR)
    watching.consider()
    later: dict[str, Any] = {"suggestion": shown, "source": Ask.Source.WEB, "at": now}
    row, created = log.said(ben, shown.item, {"rating": 2}, **later)
    assert (created, row.source, row.rating, row.completed) == (False, "web", 2, True)
    assert Feedback.objects.get().said_at == now
    play(ben, shown.item, now + 5 * HOUR)
    watching.consider()
    assert said() == [("web", True, None)]


def test_what_was_guessed_is_not_put_into_the_mouth_of_who_speaks_later(ben: Viewer) -> None:
    now = timezone.now()
    again, gave_up = (shown_to(ben, builders.title(), now - 5 * DAY) for _ in range(2))
    play(ben, again.item, now - 40 * DAY)
    play(ben, again.item, now - 4 * DAY)
    watching.consider()
    left(ben, gave_up.item, now - 4 * DAY)
    watching.give_up()
    assert said() == [("plex", True, True), ("plex", False, None)]
    for shown in (again, gave_up):
        log.said(ben, shown.item, {"rating": 2}, suggestion=shown, source=Ask.Source.WEB)
    assert said() == [("web", True, None), ("web", None, None)]


def test_a_series_of_which_an_episode_was_watched_is_not_seen(ben: Viewer) -> None:
    now = timezone.now()
    film, series = (
        shown_to(ben, item, now - HOUR) for item in (builders.title(), builders.series())
    )
    for shown in (film, series):
        play(ben, shown.item, now)
    watching.consider()
    assert memory.seen([ben]) == {film.item_id}
    log.said(ben, series.item, {"completed": True}, suggestion=series, source=Ask.Source.WEB)
    assert memory.seen([ben]) == {film.item_id, series.item_id}


def test_an_episode_after_the_suggestion_finishes_the_suggested_sitting(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.series(), now - HOUR)
    for minutes, key in ((0, "901"), (50, "902")):
        play(ben, shown.item, now + timedelta(minutes=minutes), key)
    watching.consider()
    assert said() == [("plex", True, None)]


def test_a_series_watched_on_for_weeks_is_not_watched_again(ben: Viewer) -> None:
    now, series = timezone.now(), builders.series()
    play(ben, series, now - 40 * DAY, "901")
    shown_to(ben, series, now - HOUR)
    play(ben, series, now, "902")
    watching.consider()
    assert said() == [("plex", True, None)]


def left(viewer: Viewer, item: MediaItem, at: datetime, share: float = 0.4) -> None:
    offset = round((item.runtime_minutes or 0) * 60 * share)
    TitleState.objects.update_or_create(
        viewer=viewer, item=item, defaults={"view_offset": offset, "last_viewed_at": at}
    )


def test_a_suggestion_begun_and_left_was_given_up_after_a_grace(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 5 * DAY)
    left(ben, shown.item, now - 2 * DAY)
    assert watching.give_up() == 0  # a pause is no dislike
    left(ben, shown.item, now - 4 * DAY)
    assert watching.give_up() == 1
    assert said() == [("plex", False, None)]
    assert watching.give_up() == 0


@pytest.mark.parametrize("share", [0.03, 0.85])
def test_a_minute_in_or_the_credits_left_is_not_given_up(ben: Viewer, share: float) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 5 * DAY)
    left(ben, shown.item, now - 4 * DAY, share)
    assert watching.give_up() == 0


def test_the_connected_account_gives_up_too() -> None:
    now = timezone.now()
    ada = builders.viewer("Ada", owns_plex_state=True)
    film = builders.title(view_offset=2_000, last_viewed_at=now - 4 * DAY)
    shown_to(ada, film, now - 5 * DAY)
    assert watching.give_up() == 1


def test_finished_later_takes_back_that_it_was_given_up(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 10 * DAY)
    left(ben, shown.item, now - 9 * DAY)
    watching.give_up()
    play(ben, shown.item, now)  # long after the suggestion
    assert watching.consider() == 1
    assert said() == [("plex", True, None)]


def test_what_somebody_said_is_not_given_up(ben: Viewer) -> None:
    now = timezone.now()
    shown = shown_to(ben, builders.title(), now - 5 * DAY)
    builders.feedback(on=shown, viewer=ben, said_at=now - 3 * DAY)
    left(ben, shown.item, now - 4 * DAY)
    assert watching.give_up() == 0


def test_years_of_history_before_the_first_suggestion_are_passed_over(
    ben: Viewer, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    shown_to(ben, builders.title(), now - HOUR)
    film = builders.title()
    Play.objects.bulk_create(
        Play(viewer=ben, item=film, rating_key="1", played_at=now - DAY * n, source="history")
        for n in range(1, 600)
    )
    with django_assert_max_num_queries(8):
        watching.consider()
    assert not Play.objects.filter(considered=False).exists()
