"""Every sentence a person reads exists in every language, whole, with what is put into it."""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.conf import settings

from moodrec.tests.messages import ROOT, Message, all_of_them, of_code, templates
from moodrec.tests.visible import bare_texts

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]")
TAGS = re.compile(r"</?\w+[^>]*>")
JS_TEXT = re.compile(r"""["'`][A-Z][a-z]+[ …][^"'`]*["'`]""")


def po(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))


def key(entry: polib.POEntry | polib.MOEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def texts(entry: polib.POEntry | polib.MOEntry) -> list[tuple[str, str]]:
    """Each translation beside the English it stands for."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    forms = sorted(entry.msgstr_plural.items())
    return [(entry.msgid_plural if number else entry.msgid, text) for number, text in forms]


@pytest.fixture(scope="module")
def ours() -> set[Message]:
    return all_of_them()


def test_what_stands_in_code_is_found() -> None:
    found = set(of_code('_("a"); phrase("b %(x)s", x=1); phrases("c", "d", 2); pgettext("e", "f")'))
    assert found == {Message("a"), Message("b %(x)s"), Message("c", "d"), Message("f", "", "e")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_just_what_we_say(language: str, ours: set[Message]) -> None:
    """Else run `make messages`."""
    held = {key(entry) for entry in po(language) if not entry.obsolete}
    assert sorted(ours - held) == []
    assert sorted(held - ours) == []
    assert po(language).obsolete_entries() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_nothing_guessed(language: str) -> None:
    catalogue = po(language)
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_into_a_sentence_is_put_into_its_translation(language: str) -> None:
    for entry in po(language).translated_entries():
        for english, text in texts(entry):
            here, there = (set(PLACEHOLDERS.findall(each)) for each in (english, text))
            may_lack = {"%(count)s", "%(n)s", "%(number)s"} if entry.msgid_plural else set()
            assert here - may_lack <= there <= here | may_lack, (entry.msgid, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_marks_up_what_the_english_does(language: str) -> None:
    for entry in po(language).translated_entries():
        for english, text in texts(entry):
            assert Counter(TAGS.findall(english)) == Counter(TAGS.findall(text)), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_have_all_the_forms_the_language_knows(language: str) -> None:
    catalogue = po(language)
    forms = re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])
    assert forms
    for entry in catalogue:
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == list(range(int(forms.group(1)))), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_what_was_translated(language: str) -> None:
    """Else run `make messages`: the compiled file is committed, for a new machine has no gettext."""
    compiled = polib.mofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.mo"))
    read = {key(entry): texts(entry) for entry in compiled}
    assert read == {key(entry): texts(entry) for entry in po(language).translated_entries()}


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_says_anything_in_one_language_only(path: Path) -> None:
    assert bare_texts(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<a aria-label="Hello">',
        "{% if x %}Hello{% endif %}",
        '<img alt="Hi {{ x }}">',
    ],
)
def test_a_bare_text_is_seen(source: str) -> None:
    assert bare_texts(source)


def test_modules_take_their_words_from_the_page() -> None:
    for path in sorted((ROOT / "static/js").glob("*.js")):
        code = re.sub(
            r"(?m)//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        lines = [line for line in code.splitlines() if not line.lstrip().startswith("*")]
        assert not JS_TEXT.findall("\n".join(lines)), path
