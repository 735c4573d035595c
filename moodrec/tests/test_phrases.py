"""A phrase is plain English to code, and any language to its reader."""

import pickle

import pytest
from django.template import Context, Template
from django.utils import translation

from moodrec.phrases import Phrase, PhraseField, from_json, joined, phrase, phrases, to_json, told


def test_a_phrase_is_its_english_sentence() -> None:
    assert phrase("%(who)s enjoyed %(what)s.", who="Ada", what="Up") == "Ada enjoyed Up."
    assert phrases("%(count)s title", "%(count)s titles", 1) == "1 title"
    assert phrases("%(count)s title", "%(count)s titles", 2) == "2 titles"


def test_a_phrase_survives_being_stored_and_being_pickled() -> None:
    said = phrase("%(names)s agree.", names=joined(["Ada", "Ben", "Cleo"]))
    for again in (from_json(to_json(said)), pickle.loads(pickle.dumps(said))):  # noqa: S301
        assert isinstance(again, Phrase)
        assert again == "Ada, Ben and Cleo agree."
        assert told(again) == again


def test_a_column_keeps_phrases_and_plain_text_apart() -> None:
    column = PhraseField()
    for text in (phrase("Read %(n)s.", n=3), "plain", '{"not": "ours"}', '{"say', ""):
        stored = column.get_prep_value(text)
        assert isinstance(stored, str)
    said = phrase("Read %(n)s.", n=3)
    assert type(column.from_db_value(column.get_prep_value(said), None, None)) is Phrase
    assert column.from_db_value('{"say', None, None) == '{"say'


@pytest.mark.parametrize("broken", [{"say": "%(gone)s", "many": "", "with": {}}, {"with": 1}, {}])
def test_a_damaged_phrase_reads_as_nothing(broken: dict[str, object]) -> None:
    assert from_json(broken) == ""


def test_values_are_never_read_as_messages_or_markup() -> None:
    hostile = phrase("%(what)s", what="%(other)s <script>")
    assert told(hostile) == "%(other)s <script>"
    page = Template("{% load phrases %}{{ said|told }}").render(Context({"said": hostile}))
    assert page == "%(other)s &lt;script&gt;"


def test_it_is_told_in_the_readers_language() -> None:
    said = phrase("%(before)s and %(last)s", before="Ada", last=phrase("Monday"))
    with translation.override("de"):
        assert told(said).endswith(" Montag")  # Django knows the day
