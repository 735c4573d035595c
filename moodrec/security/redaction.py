"""Keep tokens and keys out of every log line and traceback."""

import logging
import re

_SECRETS = re.compile(
    r"(?i)(x-plex-token|access[-_]?token|auth[-_]?token|authorization|api[-_]?key|password|secret)"
    r"(['\"]?\s*[=:]\s*['\"]?(?:token\s+|bearer\s+)?)([^\s'\"&,;<>)}\]]+)"
)
_LINKS = re.compile(r"(/welcome/)[\w-]{16,}")


def redact(text: str) -> str:
    """Return ``text`` with the values of anything that looks like a secret replaced by ***."""
    return _LINKS.sub(r"\1***", _SECRETS.sub(r"\1\2***", text))


class RedactingFormatter(logging.Formatter):
    """Formats as usual, traceback included, then blanks the secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
