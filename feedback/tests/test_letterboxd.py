"""A Letterboxd export becomes feedback."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.letterboxd import BadExport, import_export
from feedback.models import Feedback
from moodrec.tests import builders
from plexsync.models import Viewer

pytestmark = pytest.mark.django_db
HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"


@pytest.fixture
def ada() -> Viewer:
    return builders.viewer("Ada")


def export(folder: Path, *lines: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text(HEAD + "\n".join(lines), encoding="utf-8-sig")
    return path


def test_owned_films_are_stored_with_their_stars(tmp_path: Path, ada: Viewer) -> None:
    builders.title("Amélie", year=2001)
    path = export(tmp_path, "2024-03-01,AMELIE,2001,x,4.5", "2024-03-02,Not here,1999,x,3")
    done = import_export(path, ada)
    row = Feedback.objects.get()
    assert (done.stored, done.not_owned) == (1, 1)
    assert (row.rating, row.completed, row.source) == (5, True, "letterboxd")
    assert f"{row.said_at:%Y-%m-%d}" == "2024-03-01"


def test_a_watched_film_without_stars_is_only_finished(tmp_path: Path, ada: Viewer) -> None:
    builders.title("Alien", year=1979)
    import_export(export(tmp_path, "2024-03-01,Alien,1979,x,"), ada)
    assert Feedback.objects.get().rating is None


def test_importing_again_changes_nothing(tmp_path: Path, ada: Viewer) -> None:
    builders.title("Alien", year=1979)
    path = export(tmp_path, "2024-03-01,Alien,1979,x,5")
    import_export(path, ada)
    import_export(path, ada)
    assert Feedback.objects.count() == 1


def test_what_was_said_here_is_not_written_over(tmp_path: Path, ada: Viewer) -> None:
    builders.feedback(builders.title("Alien", year=1979), viewer=ada, rating=2, source="api")
    path = export(tmp_path, "2015-03-01,Alien,1979,x,5")
    out = StringIO()
    call_command("import_letterboxd", str(path), stdout=out)
    assert Feedback.objects.get().rating == 2
    assert "0 stored, 0 not in your library.\n1 left as you said it here." in out.getvalue()


def test_a_remake_is_another_film(tmp_path: Path, ada: Viewer) -> None:
    builders.title("Paprika", year=2006)
    done = import_export(export(tmp_path, "2024-03-01,Paprika,1991,x,5"), ada)
    assert (done.stored, done.not_owned) == (0, 1)


def test_two_films_of_one_name_and_year_are_left_out_and_named(tmp_path: Path, ada: Viewer) -> None:
    builders.title("Twins", year=2000)
    builders.title("Twins", year=2000)
    done = import_export(export(tmp_path, "2024-03-01,Twins,2000,x,5"), ada)
    assert (done.stored, done.unclear) == (0, ["Twins (2000)"])


@pytest.mark.parametrize("body", [b"PK\x03\x04\xff\xfe", b"a,b\n1,2\n", b""])
def test_another_file_is_refused_with_what_to_give(
    tmp_path: Path, ada: Viewer, body: bytes
) -> None:
    path = tmp_path / "other"
    path.write_bytes(body)
    with pytest.raises(BadExport, match="csv"):
        import_export(path, ada)


def test_the_command_tells_whose_export_it_needs_to_know(tmp_path: Path, ada: Viewer) -> None:
    builders.viewer("Ben")
    with pytest.raises(CommandError, match="ada, ben"):
        call_command("import_letterboxd", str(export(tmp_path)))
    out = StringIO()
    call_command("import_letterboxd", str(export(tmp_path)), viewer="ben", stdout=out)
    assert out.getvalue() == "0 stored, 0 not in your library.\n"


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_import(tmp_path: Path, ada: Viewer, body: str) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(HEAD + body, encoding="utf-8", errors="replace")
    assert import_export(path, ada).stored == 0
