"""A reason stored once is told to each reader in their own language."""

import pytest
from django.utils import translation

from feedback.models import Suggestion
from mlmodel.met import Met, Said
from mlmodel.records import Candidate, Moment, Title
from moodrec.phrases import Phrase, from_json, phrase, to_json, told
from moodrec.tests import builders
from moodrec.tests.household import client_of
from recommender.reasons import Person, explain
from recommender.wording import for_person, of_person

ALIEN = Title(
    id="1",
    title="Aliens",
    year=1986,
    genres=("Horror",),
    runtime_minutes=117,
    audience_rating=8.5,
    directors=("James Cameron",),
)
AVATAR = Met(2, (Said("2", "Avatar", 5.0, 0.98), Said("3", "Titanic", 5.0, 0.98)))


def met(trait: str) -> Met:
    return AVATAR if trait.startswith("director") else Met()


ASKED = Candidate(ALIEN, Moment.from_json({"moods": ["scary"], "minutes": 110}), "ada")
TERMS = [("viewer:ada|director James Cameron", 0.9), ("prior:quality", 0.5), ("prior:time", -0.4)]
GERMAN = [
    "Ada gab fünf Sterne für zwei weitere Filme von James Cameron (Avatar, Titanic).",
    "Das Publikum gibt 8,5 von 10.",
]


def test_a_reason_is_told_in_another_language_with_its_own_numbers() -> None:
    found = explain(ASKED, [Person("Ada", TERMS, met)])
    with translation.override("de"):
        assert [told(reason) for reason in found.reasons] == GERMAN
        assert told(found.drawback or "") == "7 Minuten länger, als du Zeit hast."
    assert found.reasons[1] == "Audiences rate it 8.5 of 10."


@pytest.mark.parametrize("language", ["de", "fr", "es"])
@pytest.mark.parametrize("mood", ["funny", "action", "dark", "uplifting"])
def test_a_mood_s_reason_is_whole_in_every_language(language: str, mood: str) -> None:
    terms = [(f"mood:{mood}|genre horror", 0.9), ("household|decade 1985", -0.5)]
    found = explain(Candidate(ALIEN), [Person("", terms)])
    with translation.override(language):
        for said in (*found.reasons, found.drawback or ""):
            assert isinstance(said, Phrase)
            assert told(said) != said
            assert "%(" not in told(said)


def test_whose_a_group_s_reason_is_does_not_hang_on_its_words() -> None:
    stored = from_json(to_json(for_person("Ada", phrase("%(what)s went down well", what="horror"))))
    assert of_person(stored, "Ada")
    assert not of_person(stored, "Ben")
    assert of_person("For Ada: horror went down well.", "Ada")  # as rows of old have it
    assert not of_person(phrase("%(who)s enjoyed %(others)s", who="Ada", others="it"), "Ada")


@pytest.mark.django_db
def test_the_api_tells_reasons_in_the_language_asked_for(ada: object) -> None:
    reasons = explain(ASKED, [Person("Ada", TERMS, met)]).reasons
    film = builders.title("Aliens", genres=["Horror"])
    builders.suggestion(film, reasons=reasons)
    stored = Suggestion.objects.get().reasons
    assert stored == reasons
    with translation.override("de"):
        assert [told(reason) for reason in stored] == GERMAN
    api = client_of(ada)  # type: ignore[arg-type]
    english, german = (
        api.get("/recommend", HTTP_ACCEPT_LANGUAGE=language).json()["suggestions"]
        for language in ("en", "de")
    )
    assert english[0]["reasons"] != german[0]["reasons"]
