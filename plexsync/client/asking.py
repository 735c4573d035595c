"""Ask an address who it is: /identity, which every Plex Media Server answers without a token.

Whoever the address belongs to, nothing of ours goes there, no redirect is followed, and addresses
where no Plex can live are never spoken to.
"""

import ipaddress
import socket
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import InsecureRequestWarning, ReadTimeoutError

from plexsync.client import bounded

SECONDS = 3
MAX_BYTES = 65_536
PORTS = {"http": 80, "https": 443}


class Forbidden(OSError):
    """An address where no Plex can live: a machine's inner network, a group, our own database."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an address answered; ``failure`` is '' where it is a Plex Media Server."""

    machine_identifier: str = ""
    milliseconds: int = 0
    failure: str = ""


def ask(url: str, *, unverified: bool = False, ours: Iterable[tuple[str, int]] = ()) -> Identity:
    """Return who answers at this address within some seconds.

    ``ours`` are hosts and ports of our own database and broker. A failure is one of forbidden,
    certificate, timeout, refused, redirect, other.
    """
    started = time.monotonic()
    try:
        machine = _machine(url, frozenset(_places(ours)), unverified=unverified)
    except Exception as error:  # noqa: BLE001 (whatever a stranger's answer breaks is its failure)
        return Identity(failure=_failure(error))
    return Identity(machine, round((time.monotonic() - started) * 1000))


def addresses_of(url: str) -> list[str]:
    """Return the IP addresses that the name in this address stands for; none where it has none."""
    split = urlsplit(url)
    return sorted({place[0] for place in _places([(split.hostname or "", _port(url))])})


def is_forbidden(ip: str, port: int, ours: Iterable[tuple[str, int]] = ()) -> bool:
    """Tell whether no Plex can live there: link-local (metadata), a group's address, our database."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    inner = address.is_link_local or address.is_multicast or address.is_unspecified
    return inner or address.is_reserved or (str(address), port) in set(_places(ours))


def _machine(url: str, ours: frozenset[tuple[str, int]], *, unverified: bool) -> str:
    with bounded.Staying() as session:
        session.trust_env = not unverified  # or an environment's REQUESTS_CA_BUNDLE would win
        for scheme in PORTS:
            session.mount(f"{scheme}://", _CarefulAdapter(ours))
        with (
            _quiet(unverified),
            session.get(
                url.rstrip("/") + "/identity",
                timeout=SECONDS,
                verify=not unverified,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            if answer.is_redirect:
                raise requests.TooManyRedirects
            answer.raise_for_status()
            body = bounded.body(answer, MAX_BYTES, SECONDS)
    root = ET.fromstring(body)  # noqa: S314 (small, and expat refuses to be blown up)
    machine = root.get("machineIdentifier", "")
    if root.tag != "MediaContainer" or not machine:
        raise ValueError("not a Plex Media Server")
    return machine


@contextmanager
def _quiet(unverified: bool) -> Iterator[None]:  # noqa: FBT001
    """Keep urllib3 from warning of what the household chose."""
    if not unverified:
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureRequestWarning)
        yield


def _failure(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (Forbidden, "forbidden"),
        (requests.exceptions.SSLError, "certificate"),
        (requests.Timeout, "timeout"),
        (ReadTimeoutError, "timeout"),
        (requests.TooManyRedirects, "redirect"),
        (requests.HTTPError, "other"),
        (OSError, "refused"),  # requests' own too
    )
    if _caused_by(error, Forbidden):
        return "forbidden"
    return next((word for kind, word in kinds if isinstance(error, kind)), "other")


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__context__
    return False


def _places(hosts: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """Yield the IP address and port of each host and port; of a name, all it stands for."""
    for host, port in hosts:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM) if host else []
        except (OSError, UnicodeError):
            continue
        yield from ((str(place[4][0]).partition("%")[0], port) for place in found)


def _port(url: str) -> int:
    split = urlsplit(url)
    return split.port or PORTS.get(split.scheme, 0)


# --- look at whom the socket reached: a name may stand for another address a moment later ------


class _CarefulAdapter(HTTPAdapter):
    """Hangs up, before a word is said, where the socket reached an address that is forbidden."""

    def __init__(self, ours: frozenset[tuple[str, int]]) -> None:
        self._ours = ours
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._look),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._look),
        }

    def _look(self, reached: socket.socket) -> None:
        ip, port = reached.getpeername()[:2]
        if is_forbidden(ip, port, self._ours):
            reached.close()
            raise Forbidden


def _pool(pool: type[Any], connection: type[Any], look: Callable[[socket.socket], None]) -> Any:
    class Careful(connection):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            reached: socket.socket = super()._new_conn()
            look(reached)
            return reached

    return type("CarefulPool", (pool,), {"ConnectionCls": Careful})
