"""Look for secrets wherever they may have gone: in bytes of any kind, plain or wrapped."""

import base64
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote


def forms(secret: str) -> set[bytes]:
    """Return how a secret may be written: plain, quoted, in hex, anywhere within base64."""
    plain = secret.encode()
    found = {plain, quote(secret, safe="").encode(), plain.hex().encode()}
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        start, end = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        inner = whole[start:end]
        found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def found_in(secrets: Iterable[str], places: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return the names of the places that hold any of the secrets."""
    needles = [form for secret in secrets for form in forms(secret)]
    return [
        name
        for name, held in places
        if any(needle in layer for layer in _layers(held) for needle in needles)
    ]


def _layers(held: bytes) -> Iterator[bytes]:
    yield held
    with suppress(OSError, EOFError, zlib.error):
        yield gzip.decompress(held)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below the folder but the keys, which have no other place."""
    for path in folder.rglob("*"):
        if path.is_file() and "secrets" not in path.relative_to(folder).parts:
            with suppress(FileNotFoundError):  # a database's journal comes and goes
                yield str(path.relative_to(folder)), path.read_bytes()
