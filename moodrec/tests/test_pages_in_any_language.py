"""In a language that is made up, no page shows a sentence of ours that was not translated."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from moodrec.tests import builders
from moodrec.tests.messages import all_of_them
from moodrec.tests.test_access import ROUTES
from moodrec.tests.visible import seen, words
from plexsync.models import Library

pytestmark = pytest.mark.django_db

LEFT, RIGHT = "⟦", "⟧"
_SAID = re.compile(f"{LEFT}[^{LEFT}{RIGHT}]*{RIGHT}")
NO_PAGE = {"healthz", "readyz", "manifest", "service-worker", "welcome", "poster", "art"}
NO_PAGE |= {"office", "about"}  # of Django; names of packages
OF_DJANGO = {
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag",
    "Sonntag", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Jan", "Feb", "Mär", "Apr", "Jun", "Jul",
    "Aug", "Sep", "Okt", "Nov", "Dez", "Uhr", "Den",
    "Benutzername", "Passwort", "Englisch", "Europe", "Berlin", "Paris", "Madrid", "UTC",
    "English", "Deutsch", "Français", "Español",  # each language says its own name
}  # fmt: skip


GREEK: dict[str, Any] = {
    "genres": ["Δράμα"],
    "directors": ["Ὅμηρος"],
    "cast": ["Σαπφώ"],
    "countries": ["Ἑλλάς"],
    "summary": "Μῆνιν ἄειδε",
}


def forget() -> None:
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue that puts every message into brackets, in the place of the German one."""
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, plural, context in all_of_them():
        entry = polib.POEntry(msgid=text, msgctxt=context or None)
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: f"{LEFT}{text}{RIGHT}", 1: f"{LEFT}{plural}{RIGHT}"}
        else:
            entry.msgstr = f"{LEFT}{text}{RIGHT}"
        catalogue.append(entry)
    folder = tmp_path_factory.mktemp("locale")
    (folder / "de" / "LC_MESSAGES").mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "de" / "LC_MESSAGES" / "django.mo"))
    return folder


@pytest.fixture
def in_brackets(brackets: Path, settings: LazySettings) -> Iterator[None]:
    settings.LOCALE_PATHS = [brackets]
    forget()
    yield
    translation.activate("en")
    forget()


@pytest.fixture
def evening(ada: User) -> None:
    """An evening in a household whose own words are Greek, so that ours stand out."""
    builders.viewer("Βήτα")
    User.objects.update(first_name="Ἄλφα")
    ada.viewer.__class__.objects.filter(user=ada).update(name="Ἄλφα")
    film = builders.title("Ὀδύσσεια", **GREEK)
    builders.feedback(film)
    builders.suggestion(builders.title("Ἰλιάς", **GREEK), reasons=["Ταχύ"])
    builders.favorite(film)
    builders.job("sync")
    Library.objects.update(title="Ταινίες")


def outside(text: str) -> str:
    """What stands in no brackets."""
    shorter = _SAID.sub("", text)
    return text if shorter == text else outside(shorter)


def untranslated(page: str) -> list[str]:
    found = seen(page)
    texts = ["".join(found.texts), *found.read_out]
    left = []
    for text in texts:
        left += [word for word in words(outside(text)) if word not in OF_DJANGO and word.isascii()]
    return left


PAGES = [(n, a) for n, a in ROUTES if not n.startswith("api") and n not in NO_PAGE]


@pytest.mark.usefixtures("in_brackets", "evening")
@pytest.mark.parametrize(("name", "address"), PAGES)
def test_a_page_says_nothing_of_ours_in_one_language_only(
    client: Client, ada: User, name: str, address: str
) -> None:
    client.force_login(ada)
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE="de")
    if answer.get("Content-Type", "").startswith("text/html"):
        assert untranslated(answer.content.decode()) == []


IN_ENGLISH = re.compile(r'<(d[dt]) lang="en">.*?</\1>', re.DOTALL)  # the words looked for
HEADS = re.compile(r'<div class="text">\s*<span>(.*?)</span>', re.DOTALL)
OURS = {"plexsync", "feedback", "mlmodel", "recommender", "jobs"}


@pytest.mark.usefixtures("in_brackets", "evening")
def test_the_table_of_moods_says_nothing_in_one_language_only(client: Client, ada: User) -> None:
    client.force_login(ada)
    address = reverse("admin:mlmodel_moodrule_changelist")
    page = client.get(address, {"try": "1"}, HTTP_ACCEPT_LANGUAGE="de").content.decode()
    page = IN_ENGLISH.sub("", page[page.index('<div id="content-main"') : page.index("</main>")])
    assert untranslated(page) == []


def _our_lists() -> Iterator[str]:
    for model in admin.site._registry:
        opts = model._meta
        if opts.app_label in OURS and opts.model_name != "moodrule":
            yield reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


@pytest.mark.usefixtures("in_brackets", "evening")
def test_the_back_office_names_its_tables_and_columns(client: Client, ada: User) -> None:
    client.force_login(ada)
    for address in _our_lists():
        page = client.get(address, HTTP_ACCEPT_LANGUAGE="de").content.decode()
        heads = HEADS.findall(page)
        assert not [
            head for head in heads if words(head) and "<input" not in head and LEFT not in head
        ], address
        title = page[page.index('id="content"') :].split("</h1>")[0]
        assert LEFT in title, address


@pytest.mark.usefixtures("in_brackets")
def test_an_untranslated_word_is_seen(client: Client) -> None:
    assert untranslated(f"<p>{LEFT}Hello {LEFT}inner{RIGHT} you{RIGHT} there</p>") == ["there"]
    assert untranslated(f'<a title="there">{LEFT}Hello{RIGHT}</a>') == ["there"]
    assert untranslated(f"<p>Ὀδύσσεια {LEFT}Hello{RIGHT} 3</p>") == []
