"""Secret keys: taken from the environment, else made once and kept in the data directory."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

_EXAMPLES = {"change-me", "changeme", "secret", "---", "insecure", "your-secret-key"}


class WeakKey(Exception):
    """A key that was copied from an example would let anybody forge sessions."""


def checked(name: str, value: str) -> str:
    """Return ``value``; raise WeakKey where it is a known example or too short to be a secret."""
    if value.lower() in _EXAMPLES or len(value) < 16:
        message = (
            f"{name} is an example or shorter than 16 characters. Leave it unset: one is made."
        )
        raise WeakKey(message)
    return value


def load_or_create(path: Path, *, fernet: bool = False) -> str:
    """Return the key kept at ``path`` (mode 0600), making it on the first run."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        key = Fernet.generate_key().decode() if fernet else secrets.token_urlsafe(48)
        _write_private(draft, key)
        _keep_first(draft, path)
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keep_first(draft: Path, path: Path) -> None:
    """Link the draft to its name: of several processes that start at once exactly one wins."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
