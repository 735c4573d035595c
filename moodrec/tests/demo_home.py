"""One demo install under a sub-path, started as at home, for all tests that look at whole pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from moodrec.tests.installs import Install, free_ports

BASE = "/moods"
_MEMBER = """
from django.contrib.auth.models import User
from plexsync.models import Viewer
ben = User.objects.create_user("ben", password="a-long-pass-word-1")
demo = User.objects.get(username="demo")
demo.set_password("a-long-pass-word-1")
demo.save()
Viewer.objects.filter(name="Ben").update(user=ben)
"""


@dataclass
class Home:
    """A running install with the demo library; its owner is `demo`, a member `ben`."""

    install: Install
    link: str

    @property
    def port(self) -> int:
        return int(self.install.environment["PORT"])

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}{BASE}/"

    def new_link(self, name: str) -> str:
        """Return a one-time link that signs this user in."""
        return self.told("link", name).split()[-1]

    def told(self, *command: str) -> str:
        """Run a command inside the install; return what it prints."""
        done = self.install.manage(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("demo-home")
    install = Install(folder, {**free_ports(), "BASE_PATH": BASE, "TZ": "Europe/Berlin"})
    with install.up("--demo") as link:
        home = Home(install, link)
        home.told("shell", "--verbosity=0", "--command", _MEMBER)
        yield home
