"""My data: what is stored in words, as a file that holds nobody else's, and gone for good."""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.export import _harmless
from feedback.models import Ask, Dismissal, Favorite, Feedback, Suggestion
from moodrec.jobs.models import Job
from moodrec.phrases import joined, phrase
from moodrec.tests import builders
from plexsync import pins
from plexsync.models import MediaItem, Play, Viewer

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(“evil”)"


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def an_evening(*viewers: Viewer, name: str) -> Suggestion:
    """An evening of these, of which the first kept, said and put off something; and Plex saw it."""
    shown = builders.suggestion(builders.title(name), ask=builders.ask(viewers=viewers))
    first = viewers[0]
    builders.feedback(on=shown, viewer=first, rating=4)
    builders.favorite(shown.item, viewer=first)
    builders.dismissal(builders.title(f"Not {name}"), viewer=first)
    Play.objects.create(
        viewer=first, item=shown.item, rating_key="1", played_at=timezone.now(), source="state"
    )
    return shown


def test_the_file_holds_all_of_one_person_and_nothing_of_another(
    client: Client, ada: User, ben: User
) -> None:
    an_evening(ada.viewer, name="Hers alone")
    an_evening(ben.viewer, name="His alone")
    client.force_login(ben)
    told = json.loads(body(client.get("/my-data/export.json")))
    assert told["viewer"]["name"] == "Ben"
    counts = {name: len(rows) for name, rows in told.items() if isinstance(rows, list)}
    for kind in ("asks", "suggestions", "feedback", "favorites", "dismissals", "plays"):
        assert counts[kind] == 1, kind
    assert "Hers alone" not in json.dumps(told)
    assert "Ada" not in json.dumps(told)
    assert "Hers alone" not in body(client.get("/my-data/export.csv"))


def test_of_an_evening_together_only_one_s_own_words_are_in_the_file(
    client: Client, ada: User, ben: User
) -> None:
    shown = an_evening(ada.viewer, ben.viewer, name="Theirs")
    Suggestion.objects.filter(pk=shown.pk).update(reasons=["Ada has enjoyed tense titles."])
    client.force_login(ben)
    told = json.loads(body(client.get("/my-data/export.json")))
    assert [row["title"] for row in told["suggestions"]] == ["Theirs"]
    assert told["feedback"] == []
    assert "Ada" not in json.dumps(told)


@pytest.mark.parametrize("page", ["", "/export.json", "/export.csv", "/delete"])
def test_a_member_reaches_nobody_else_s_data_and_the_owner_everybody_s(
    client: Client, ada: User, ben: User, page: str
) -> None:
    client.force_login(ben)
    assert client.get(f"/my-data{page}?viewer=ada").status_code == 404
    assert client.post("/my-data/delete?viewer=ada").status_code == 404
    client.force_login(ada)
    assert client.get(f"/my-data{page}?viewer=ben").status_code == 200


def test_the_table_has_a_line_for_each_answer_and_runs_no_formula(
    client: Client, ada: User
) -> None:
    builders.feedback(builders.title(FORMULA), rating=5, completed=True, would_watch_again=None)
    client.force_login(ada)
    text = body(client.get("/my-data/export.csv")).removeprefix("\ufeff")
    [line] = csv.DictReader(io.StringIO(text))
    assert line["title"] == f"'{FORMULA}"
    assert (line["stars"], line["finished"], line["would_watch_again"]) == ("5", "yes", "")


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not str(_harmless(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_page_tells_the_counts_and_deletes_nothing_by_looking(
    client: Client, ada: User
) -> None:
    an_evening(ada.viewer, name="Alien")
    client.force_login(ada)
    for page in ("/my-data", "/my-data/delete"):
        counts = {name: count for name, _w, count in client.get(page).context["counts"]}
        assert counts["feedback"] == counts["asks"] == counts["plays"] == 1
    assert Feedback.objects.exists()


def test_deleting_leaves_the_others_theirs(client: Client, ada: User, ben: User) -> None:
    an_evening(ben.viewer, name="His alone")
    together = an_evening(ben.viewer, ada.viewer, name="Theirs")
    hers = builders.feedback(on=together, viewer=ada.viewer)
    client.force_login(ben)
    client.post("/my-data/delete")
    assert list(Feedback.objects.all()) == [hers]
    for model in (Favorite, Dismissal, Play):
        assert not model.objects.exists()
    [ask] = Ask.objects.all()
    assert list(ask.viewers.all()) == [ada.viewer]
    assert Viewer.objects.filter(slug="ben").exists()
    assert User.objects.filter(username="ben").exists()


def test_a_name_that_somebody_had_before_is_deleted_too(
    client: Client, ada: User, ben: User
) -> None:
    """A reason was told with the name of that day; the account may be called otherwise by now."""
    shown = builders.suggestion(ask=builders.ask(viewers=[ada.viewer, ben.viewer]))
    hers = phrase("For %(who)s: %(said)s", who="Ada", said=phrase("thrillers went down well."))
    his = phrase("For %(who)s: %(said)s", who="Ben", said=phrase("thrillers went down well."))
    both = phrase("%(who)s have seen it before.", who=joined(["Ada", "Ben"]))
    Suggestion.objects.filter(pk=shown.pk).update(reasons=[hers, his], drawback=both)
    Viewer.objects.filter(pk=ben.viewer.pk).update(name="Benjamin")
    client.force_login(ben)
    client.post("/my-data/delete")
    shown.refresh_from_db()
    assert (shown.reasons, shown.drawback) == ([hers], "")


def test_the_model_forgets_at_once_and_learns_anew(client: Client, ada: User) -> None:
    builders.version(active=True)
    an_evening(ada.viewer, name="Alien")
    client.force_login(ada)
    client.post("/my-data/delete")
    assert Job.objects.filter(kind="train").exists()
    answer = client.get("/recommend", {"vibe": "tense"}).json()
    assert answer["model"]["kind"] == "prior"


def test_the_file_names_no_title_that_is_kept_from_its_reader(
    client: Client, ada: User, ben: User
) -> None:
    """Not even what they answered before the limit was set: the owner's copy of it has all."""
    shown = an_evening(ben.viewer, name="Above the limit")
    MediaItem.objects.update(content_age=18)
    Viewer.objects.filter(pk=ben.viewer.pk).update(content_cap=12)
    builders.feedback(builders.title("For all", content_age=0), viewer=ben.viewer)
    client.force_login(ben)
    told = body(client.get("/my-data/export.json"))
    assert [row["title"] for row in json.loads(told)["feedback"]] == ["For all"]
    assert json.loads(told)["left_out"] == 5  # suggested, answered, kept, put off, played
    assert "limit" not in told.replace('"left_out"', "")
    assert shown.item.title not in body(client.get("/my-data/export.csv"))
    client.force_login(ada)
    everything = json.loads(body(client.get("/my-data/export.json?viewer=ben")))
    assert (len(everything["feedback"]), everything["left_out"]) == (2, 0)


def test_of_evenings_with_others_every_word_on_who_is_deleted_goes(
    client: Client, ada: User, ben: User
) -> None:
    shown = an_evening(ada.viewer, ben.viewer, name="Theirs")
    shown.reasons = ["For Ben: Westerns went down well.", "Rated 8.5"]
    shown.drawback = "Ben has seen it before."
    shown.candidate |= {"seen_by": {"ada": False, "ben": True}, "viewer": "ben"}
    shown.save()
    client.force_login(ben)
    client.post("/my-data/delete")
    shown.refresh_from_db()
    assert (shown.reasons, shown.drawback) == (["Rated 8.5"], "")
    assert "ben" not in json.dumps(shown.candidate)
    assert shown.candidate["seen_by"] == {"ada": False}


def test_what_was_deleted_for_good_no_browser_brings_back(
    client: Client, ada: User, ben: User
) -> None:
    row = builders.feedback(builders.title("Alien"), viewer=ben.viewer)
    client.force_login(ben)
    client.post(f"/answers/{row.pk}/delete")
    [key] = client.session["undo"]
    owner = Client()
    owner.force_login(ada)
    owner.post("/my-data/delete?viewer=ben")
    client.post(f"/undo/{key}")
    assert not Feedback.objects.exists()
    assert client.get("/my-data").status_code == 200  # and they are signed in as before


def test_nor_does_the_browser_that_deleted_it(client: Client, ben: User) -> None:
    row = builders.feedback(builders.title("Alien"), viewer=ben.viewer)
    client.force_login(ben)
    client.post(f"/answers/{row.pk}/delete")
    [key] = client.session["undo"]
    client.post("/my-data/delete")
    client.post(f"/undo/{key}")
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("page", ["export.json", "export.csv", "delete"])
def test_who_has_a_pin_is_asked_for_it_before_their_data_leaves_or_goes(
    client: Client, ada: User, ben: User, page: str
) -> None:
    """A child at the sofa's tablet, where an owner is signed in."""
    builders.feedback(builders.title("Alien"), viewer=ben.viewer)
    pins.set_pin(ben.viewer, "2468")
    client.force_login(ada)
    address = f"/my-data/{page}?viewer=ben"
    assert client.get(address)["Location"].startswith("/unlock/ben?next=")
    client.post("/my-data/delete?viewer=ben")
    assert Feedback.objects.exists()
    assert client.post("/unlock/ben", {"pin": "2468", "next": address})["Location"] == address
    assert client.get(address).status_code == 200
