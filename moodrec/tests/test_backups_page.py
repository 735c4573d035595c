"""The backups page: a copy now, to take away, or gone; only files that are copies, only the owner."""

import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from moodrec import backup
from moodrec.backup import BackupFailed, check, kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def shown(browser: Client) -> str:
    return browser.get(reverse("backups")).content.decode()


def test_without_a_copy_the_page_says_what_to_do(owner: Client) -> None:
    assert "None yet" in shown(owner)


def test_a_copy_is_made_listed_downloaded_whole_and_deleted(owner: Client, tmp_path: Path) -> None:
    answer = owner.post(reverse("backup-make"), follow=True)
    assert "Backed up and checked" in answer.content.decode()
    (copy,) = kept()
    assert copy.name in shown(owner)
    file = owner.get(reverse("backup-download", args=[copy.name]))
    assert file["Content-Disposition"] == f'attachment; filename="{copy.name}"'
    taken = tmp_path / "taken"
    taken.write_bytes(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    check(taken)  # raises where it is no database of ours
    there = reverse("backup-delete", args=[copy.name])
    assert "Delete this backup?" in owner.get(there).content.decode()
    assert kept() == [copy]
    owner.post(there)
    assert kept() == []


@pytest.mark.parametrize(
    "name", ["..%2Fdb.sqlite3", "secrets.key", "moodrec-none.sqlite3", "%2e%2e", ".."]
)
def test_nothing_but_a_copy_can_be_fetched_or_deleted(
    owner: Client, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "backups" / "secrets.key"
    secret.parent.mkdir()
    secret.write_text("canary")
    (tmp_path / "db.sqlite3").write_text("canary")
    assert owner.get(f"/settings/backups/{name}").status_code in {404, 200, 301}
    assert b"canary" not in owner.get(f"/settings/backups/{name}").getvalue()
    owner.post(f"/settings/backups/{name}/delete")
    assert secret.exists()
    assert (tmp_path / "db.sqlite3").exists()


def test_a_copy_that_fails_names_the_cause(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> None:
        raise BackupFailed("The disk is full.")

    monkeypatch.setattr(backup, "backup", failing)
    page = owner.post(reverse("backup-make"), follow=True).content.decode()
    assert "No backup was made: The disk is full. Older ones are untouched." in page


def test_members_reach_no_copy(client: Client, owner: Client, ada: User, ben: User) -> None:
    owner.post(reverse("backup-make"))
    (copy,) = kept()
    member = Client()
    member.force_login(ben)
    for name in ("backup-download", "backup-delete"):
        assert member.get(reverse(name, args=[copy.name])).status_code == 403
    for address in (reverse("backup-make"), reverse("backup-delete", args=[copy.name])):
        assert member.post(address).status_code == 403
    assert kept() == [copy]


def test_a_copy_taken_away_lets_nobody_in(owner: Client, tmp_path: Path) -> None:
    key = owner.session.session_key or ""
    owner.post(reverse("backup-make"))
    (copy,) = kept()
    assert key.encode() in copy.path.read_bytes()  # here it does: restored, everybody is as before
    file = owner.get(reverse("backup-download", args=[copy.name])).getvalue()
    assert len(file) == copy.size
    assert key.encode() not in file
    assert [left.name for left in (tmp_path / "backups").iterdir()] == [copy.name]


def test_without_room_for_a_download_the_page_says_so(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(reverse("backup-make"))
    (copy,) = kept()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    page = owner.get(reverse("backup-download", args=[copy.name]), follow=True).content.decode()
    assert "No space left on device" in page
    assert "Make room on the disk" in page
    assert kept() == [copy]


def test_a_copy_that_is_deleted_in_this_very_moment_breaks_nothing(
    owner: Client, tmp_path: Path
) -> None:
    gone = tmp_path / "backups" / "moodrec-20260101-000000-000000.sqlite3"
    gone.parent.mkdir()
    gone.symlink_to(tmp_path / "nowhere")
    assert "None yet" in shown(owner)
