"""What holds for every test of the project."""

import pytest
from django.utils import translation

from mlmodel import matrix, serving
from moodrec import plex_sign_in
from plexsync.pages import link
from recommender.library import index

pytest_plugins = ["moodrec.tests.household", "moodrec.tests.plextv", "moodrec.tests.chromium"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Start without what the test before left in this process's memory."""
    translation.deactivate()  # a request in another language leaves it to the thread
    matrix.forget()
    index.forget()
    serving.forget()
    plex_sign_in.STARTS.forget()
    link.LOOKS.forget()
