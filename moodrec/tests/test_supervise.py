"""The supervisor, with small real processes: restarted when they end, all gone when told to stop."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from moodrec import supervise
from moodrec.supervise import FIRST_WAIT, LONGEST_WAIT, Part
from moodrec.tests.installs import free_port

FOREVER = [sys.executable, "-c", "import time; time.sleep(60)"]
AT_ONCE = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w")
time.sleep(60)
"""
# a supervisor of two parts that tell when they go; it tells itself to stop once both run
IN_ORDER = """
import os, signal, sys
from moodrec.supervise import Part, Supervisor
PART = '''
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print(sys.argv[1], flush=True), sys.exit()))
open(sys.argv[1], "w")
time.sleep(60)
'''
def ready():
    while not (os.path.exists("web") and os.path.exists("broker")): pass
    os.kill(os.getpid(), signal.SIGTERM)
parts = [Part(name, [sys.executable, "-c", PART, name]) for name in ("broker", "web")]
Supervisor(parts).run(ready=ready)
print("end", flush=True)
"""


def ended(part: Part) -> None:
    assert part.process is not None
    part.process.wait(30)


def test_a_part_that_ends_is_started_again_after_a_wait() -> None:
    part = Part("x", AT_ONCE)
    part.tend(100)
    ended(part)
    part.tend(101)
    assert (part.process, part.next_start) == (None, 101 + FIRST_WAIT)
    part.tend(101.5)
    assert part.process is None
    part.tend(101 + FIRST_WAIT)
    assert part.process is not None
    ended(part)


def test_a_part_that_keeps_ending_is_started_ever_later() -> None:
    part, now, waits = Part("x", AT_ONCE), 0.0, []
    for _ in range(7):
        part.tend(now)
        ended(part)
        part.tend(now)
        waits.append(part.next_start - now)
        now = part.next_start
    assert waits == [1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT]


def test_a_part_that_ran_steadily_is_started_again_soon() -> None:
    part = Part("x", AT_ONCE, wait=16)
    part.tend(0)
    ended(part)
    part.tend(supervise.STEADY_SECONDS + 1)
    assert part.next_start == supervise.STEADY_SECONDS + 1 + FIRST_WAIT


def test_a_part_runs_only_while_it_is_wanted(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted"
    part = Part("x", FOREVER, wanted=wanted.exists)
    part.tend(0)
    assert part.process is None
    wanted.touch()
    part.tend(1)
    assert part.process is not None
    wanted.unlink()
    part.tend(2)
    ended(part)
    part.tend(100)
    assert part.process is None


def test_a_part_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    part = Part("x", [sys.executable, "-c", DEAF, str(ready)])
    part.tend(0)
    assert part.process is not None
    while not ready.exists():
        time.sleep(0.01)
    part.process.terminate()
    part.stop(time.monotonic())
    assert part.process.returncode == -signal.SIGKILL


def test_a_supervisor_ends_its_parts_on_sigterm_the_broker_last(tmp_path: Path) -> None:
    root = str(Path(supervise.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", IN_ORDER],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["web", "broker", "end"], done.stderr


def test_nobody_answers_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "TICK", 0.01)
    assert not supervise.answers("http://127.0.0.1:9/healthz", 0.05)


def test_a_supervisor_says_why_it_stops(tmp_path: Path) -> None:
    code = "import logging; logging.basicConfig(level=20)\n" + IN_ORDER
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(supervise.__file__).parent.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Stopping: signal 15." in done.stderr


def test_the_demo_s_token_is_in_no_command_line(settings: Settings) -> None:
    settings.DEMO_PORT, settings.DEMO_PLEX_TOKEN = free_port(), "canary-of-the-demo"
    part = supervise.demo_plex()
    part.wanted = lambda: True
    part.tend(0)
    try:
        assert supervise.answers(
            f"http://127.0.0.1:{settings.DEMO_PORT}/library/sections?X-Plex-Token=canary-of-the-demo",
            30,
        )
        assert part.process is not None
        assert b"canary" not in Path(f"/proc/{part.process.pid}/cmdline").read_bytes()
    finally:
        part.wanted = lambda: False
        part.tend(1)
        ended(part)
