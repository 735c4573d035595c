"""What the README says of settings, commands and pictures is so."""

import re

import pytest

from moodrec.tests.installs import ROOT

README = (ROOT / "README.md").read_text()


def test_every_setting_is_told_and_none_that_is_not() -> None:
    source = (ROOT / "moodrec" / "settings.py").read_text()
    read = set(re.findall(r"""env\.\w+\(\s*"([A-Z][A-Z_]+)\"""", source))
    table = re.findall(r"^\| (`[A-Z].*?) \|", README, re.MULTILINE)
    assert {name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)} == read


@pytest.mark.parametrize("name", re.findall(r"docs/[\w-]+\.png", README))
def test_every_picture_is_there_and_small(name: str) -> None:
    assert 0 < (ROOT / name).stat().st_size < 600_000


@pytest.mark.parametrize("page", ["learning.md", "walkthrough.md"])
def test_every_picture_of_a_document_is_there_and_small(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    named = set(re.findall(r"[\w-]+\.(?:png|md)(?=[\")])", text))
    assert named
    assert [name for name in named if not (ROOT / "docs" / name).is_file()] == []
    assert [name for name in named if (ROOT / "docs" / name).stat().st_size > 600_000] == []


def test_every_picture_is_shown_somewhere_and_taken_by_the_script() -> None:
    taken = (ROOT / "docs" / "screenshots.py").read_text()
    shown = README + "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    pictures = [picture.name for picture in (ROOT / "docs").glob("*.png")]
    assert [name for name in pictures if name not in shown] == []
    first_run = re.findall(r'picture\("(\w+)"\)', taken)
    assert [
        name
        for name in pictures
        if f'"{name[:-4]}"' not in taken and name.partition("-")[0] not in first_run
    ] == []


@pytest.mark.parametrize("page", ["SECURITY.md", "CHANGELOG.md", "README.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text()
    named = re.findall(r"`([a-z]+(?:/\w+)+(?:\.py)?)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
