"""Static files named by what is in them; one that is missing costs a picture and no page."""

from pathlib import Path

import pytest

from moodrec.static_files import NamedByContent


def test_a_file_that_was_not_gathered_keeps_its_plain_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage = NamedByContent(location=tmp_path, base_url="/static/")
    assert storage.url("css/nowhere.css") == "/static/css/nowhere.css"
    assert "css/nowhere.css was not gathered" in caplog.text
