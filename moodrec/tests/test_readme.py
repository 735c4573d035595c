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


@pytest.mark.parametrize("page", ["SECURITY.md", "CHANGELOG.md", "README.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text()
    named = re.findall(r"`([a-z]+(?:/\w+)+(?:\.py)?)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
