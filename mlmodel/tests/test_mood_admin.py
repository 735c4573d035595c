"""The page of the mood table: for the owner, who sees every number, changes it and puts it back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from mlmodel.models import MoodRule
from mlmodel.moods import BUILT_IN, GENRES, MOODS, Rule
from mlmodel.moodtable import rules as mood_rules
from mlmodel.moodtable.page import sign_called
from moodrec.tests import builders as build

pytestmark = pytest.mark.django_db
PAGE = "/admin/mlmodel/moodrule/"
FIELD = re.compile(r'name="(genre\|[^"]*)"')


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(build.owner())
    return client


def page(owner: Client, **asked: Any) -> str:
    answer = owner.get(PAGE, asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def send(owner: Client, door: str, **told: Any) -> str:
    return owner.post(f"{PAGE}{door}/", told, follow=True).content.decode()


def own() -> set[tuple[str, str, str, float]]:
    return set(MoodRule.objects.values_list("sign", "name", "mood", "evidence"))


def test_the_grid_shows_every_number_of_every_genre(owner: Client) -> None:
    fields = set(FIELD.findall(page(owner)))
    assert {f"genre|{g}|{m}|{w:g}" for g, row in GENRES.items() for m, w in row.items()} <= fields
    assert len(fields) == len(GENRES) * len(MOODS)


def test_a_genre_that_the_table_does_not_know_is_named_with_its_titles(owner: Client) -> None:
    for name in ("Godzilla", "Mothra"):
        build.title(name, genres=["Kaiju", "Sci-Fi"])
    text = page(owner)
    assert "2 titles have the genre “Kaiju”, which the table does not know" in text
    assert "Sci-fi”" not in text
    assert text.index("genre|kaiju|funny|") < text.index("genre|drama|funny|")


def test_only_what_was_changed_in_the_grid_becomes_a_rule(owner: Client) -> None:
    told = {field: field.rsplit("|", 1)[1] for field in FIELD.findall(page(owner))}
    told["genre|comedy|relaxing|0.9"] = "2"
    told["genre|comedy|funny|3.2"] = ""
    assert "2 numbers are changed" in send(owner, "grid", **told)
    assert own() == {("genre", "comedy", "relaxing", 2.0), ("genre", "comedy", "funny", 0.0)}
    assert 'title="Built in: 0.9"' in page(owner)


def test_a_page_left_open_does_not_undo_what_was_changed_since(owner: Client) -> None:
    told = {field: field.rsplit("|", 1)[1] for field in FIELD.findall(page(owner))}
    mood_rules.change([Rule("genre", "comedy", "relaxing", 2.0)])
    assert "Nothing differs" in send(owner, "grid", **told)
    assert own() == {("genre", "comedy", "relaxing", 2.0)}


def test_a_word_and_a_collection_are_given_a_number_and_it_is_put_back(owner: Client) -> None:
    send(owner, "say", sign="word", name="Ghost", mood="funny", evidence="1,5")
    send(owner, "say", sign="collection", name="Sunday  Nights", mood="relaxing", evidence="2")
    assert own() == {
        ("word", "ghost", "funny", 1.5),
        ("collection", "sunday nights", "relaxing", 2.0),
    }
    row = MoodRule.objects.get(sign="word")
    assert "Put back" in send(owner, f"{row.pk}/put-back")
    assert own() == {("collection", "sunday nights", "relaxing", 2.0)}


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ({"evidence": "much"}, "is no number from -5 to 5"),
        ({"evidence": "6"}, "is no number from -5 to 5"),
        ({"evidence": "nan"}, "is no number from -5 to 5"),
        ({"mood": "sleepy"}, "choose a sign and a mood of the list"),
        ({"sign": "actor"}, "choose a sign and a mood of the list"),
        ({"name": "two words"}, "Type a single word"),
        ({"name": "   "}, "Type a single word"),
        ({"name": "x" * 101}, "Type a single word"),
        ({"sign": "collection", "name": "a\x00b"}, "Type a single word"),
        ({"sign": "genre", "name": "\u202egnp"}, "Type a single word"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_cause(
    owner: Client, told: dict[str, str], cause: str
) -> None:
    whole = {"sign": "word", "name": "ghost", "mood": "funny", "evidence": "1", **told}
    assert cause in send(owner, "say", **whole)
    assert not own()


@pytest.mark.parametrize("field", ["genre|", "genre|x", "genre|x|funny", "genre|x|sleepy|"])
def test_a_grid_that_was_tampered_with_changes_nothing(owner: Client, field: str) -> None:
    send(owner, "grid", **{field: "1"})
    assert not own()


def test_a_grid_of_very_many_genres_is_saved(owner: Client) -> None:
    many = {f"genre|genre {n}|funny|": "" for n in range(2_000)}
    send(owner, "grid", **many, **{"genre|kaiju|funny|": "4"})
    assert own() == {("genre", "kaiju", "funny", 4.0)}


def test_putting_back_twice_is_no_error(owner: Client) -> None:
    mood_rules.change([Rule("genre", "kaiju", "funny", 4.0)])
    pk = MoodRule.objects.get().pk
    assert "Put back" in send(owner, f"{pk}/put-back")
    assert "put back already" in send(owner, f"{pk}/put-back")


def test_a_title_is_tried_and_every_sign_says_its_part(owner: Client) -> None:
    item = build.title(
        "Ghost Town", genres=["Comedy"], runtime_minutes=80, summary="A haunted dentist."
    )
    mood_rules.change([Rule("genre", "comedy", "relaxing", -3.0)])
    assert f'href="?try={item.pk}"' in page(owner, q="ghost")
    assert "No title on offer is called “zzz”" in page(owner, q="zzz")
    text = page(owner, **{"try": item.pk})
    assert "genre comedy <b>+3.2</b>" in text
    assert "word “ghost” <b>+1.2</b>" in text
    assert "80 minutes <b>+0.3</b>" in text
    assert "before your numbers" in text


def test_a_rating_is_written_as_the_reader_writes_numbers() -> None:
    with translation.override("de"):
        assert "8,2" in sign_called("rating", "8.2")


def test_the_title_tried_stays_while_numbers_are_changed(owner: Client) -> None:
    item = build.title("Ghost Town")
    answer = owner.post(f"{PAGE}grid/", {"genre|comedy|funny|3.2": "1", "try": str(item.pk)})
    assert answer["Location"] == f"{PAGE}?try={item.pk}"


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 40, "²"])
def test_trying_nonsense_shows_the_page(owner: Client, nonsense: str) -> None:
    assert "Words of a title" in page(owner, **{"try": nonsense})


def test_hostile_names_are_shown_as_text(owner: Client) -> None:
    bad = "<script>alert(1)</script>"
    item = build.title(bad, genres=[bad], collections=[bad], summary=bad)
    mood_rules.change([Rule("collection", bad, "dark", 2.0)])
    text = page(owner, q="script", **{"try": item.pk})
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_nobody_but_the_owner_sees_or_changes_the_table(client: Client) -> None:
    mood_rules.change([Rule("genre", "kaiju", "funny", 4.0)])
    doors = ["grid/", "say/", f"{MoodRule.objects.get().pk}/put-back/"]
    for user in (build.member(), build.member("cleo", is_staff=True)):
        client.force_login(user)
        assert client.get(PAGE).status_code in {302, 403}
        assert {client.post(PAGE + door).status_code for door in doors} <= {302, 403}
    assert own() == {("genre", "kaiju", "funny", 4.0)}


def test_a_get_changes_nothing(owner: Client) -> None:
    for door in ("grid/", "say/", "1/put-back/"):
        assert owner.get(PAGE + door).status_code == 405


def test_the_table_shows_what_is_built_in(owner: Client) -> None:
    text = page(owner)
    assert all(name in text for name in BUILT_IN.collections)
    for told in ("under 90 minutes", "from 150 minutes", "from 7.8 of 10", "comedy + horror"):
        assert told in text
