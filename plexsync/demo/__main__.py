"""`python -m plexsync.demo`: runs the demo Plex server until it is told to stop."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from plexsync.demo.generated import generated_library
from plexsync.demo.hostile import hostile_library
from plexsync.demo.library import Library, read_library
from plexsync.demo.plextv import DemoPlexTv
from plexsync.demo.server import DemoPlex


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; 1 where the address is taken or the library unreadable."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _stop)
    try:
        plex = _plex(options)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The demo Plex server could not start: {error}\n")
        return 1
    line = f'Demo Plex server "{plex.library.name}" on {plex.url} token {plex.token}'
    try:
        sys.stdout.write(line + "\n")
        if options.plex_tv is not None:
            tv = DemoPlexTv(plex, host=options.host, port=options.plex_tv).start()
            sys.stdout.write(f"Demo plex.tv on {tv.url}\n")
        sys.stdout.flush()
        plex.serve_forever()
    except KeyboardInterrupt:
        plex.close()
    except OSError as error:
        sys.stderr.write(f"The demo plex.tv could not start: {error}\n")
        return 1
    return 0


def _plex(options: argparse.Namespace) -> DemoPlex:
    return DemoPlex(
        _library(options),
        options.port,
        options.token,
        options.host,
        faults=options.faults,
        seeded=not options.unwatched,
    )


def _library(options: argparse.Namespace) -> Library:
    if options.hostile:
        return hostile_library()
    return generated_library(options.titles, options.seed) if options.titles else read_library()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plexsync.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=32499, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--token",
        default=os.environ.get("MOODREC_DEMO_TOKEN"),
        help="the owner's token; MOODREC_DEMO_TOKEN or a random one if not given",
    )
    parser.add_argument("--titles", type=int, help="a generated library of this many titles")
    parser.add_argument("--seed", type=int, default=1, help="of the generated library")
    parser.add_argument("--unwatched", action="store_true", help="nobody has watched anything")
    parser.add_argument(
        "--plex-tv",
        type=int,
        nargs="?",
        const=0,
        metavar="PORT",
        help="a demo plex.tv beside it, on this or a free port",
    )
    parser.add_argument("--hostile", action="store_true", help="a library of nothing but trouble")
    parser.add_argument("--faults", type=json.loads, help='JSON, such as {"slow_ms": 200}')
    return parser


if __name__ == "__main__":
    sys.exit(main())
