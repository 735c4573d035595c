"""A sync that somebody stops leaves a usable library, and the next one completes it."""

import pytest

from moodrec.jobs import run
from moodrec.jobs.cancelling import cancel
from moodrec.jobs.models import Job
from moodrec.jobs.run import Report
from moodrec.tests import builders
from plexsync.demo.server import DemoPlex
from plexsync.models import Connection, MediaItem

pytestmark = pytest.mark.django_db


def worked() -> Job:
    job = builders.job("sync", state=Job.State.QUEUED)
    run.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def stopped_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Cancel as soon as titles appear."""
    reporter = run._reporter

    def stopping(job: Job) -> Report:
        inner = reporter(job)

        def report(progress: float, detail: str = "") -> None:
            inner(progress, detail)
            if MediaItem.objects.exists():
                cancel(job, "Ana")

        return report

    monkeypatch.setattr(run, "_reporter", stopping)


@pytest.mark.usefixtures("small_pages", "stopped_midway", "connected")
def test_a_cancelled_sync_leaves_a_usable_library_and_the_next_one_completes_it(
    plex: DemoPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worked().detail == "Cancelled by Ana."
    assert 0 < MediaItem.objects.on_offer().count() < len(plex.library.titles)
    assert Connection.current().state == Connection.State.OK  # type: ignore[union-attr]
    monkeypatch.undo()
    assert worked().state == "succeeded"
    assert MediaItem.objects.on_offer().count() == len(plex.library.titles)
