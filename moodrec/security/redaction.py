"""Keep tokens and keys out of every log line and traceback."""

import logging
import re

_QUOTE = r"(?:['\"]|&#x27;|&quot;)"  # as text, and as the developer's error page writes it
_SECRETS = re.compile(
    r"(?i)(x-plex-token|access[-_]?token|auth[-_]?token|(?<![\w-])token(?==)|(?<=[?&])pin(?==)"
    r"|authorization|api[-_]?key|password|secret)"
    rf"((?:{_QUOTE}?\s*[=:]|{_QUOTE}\s*,|%3D)\s*(?:b?{_QUOTE})?(?:(?:token|bearer|basic)\s+)?)"
    r"([^\s'\"&,;<>)}\]]+)"
)
_LINKS = re.compile(r"(/welcome/|/plex/hook/|/join/)[\w-]{16,}")
_LOGINS = re.compile(r"(://)[^\s/@'\"]*:[^\s/@'\"]*@")  # of a broker's or a database's address


def redact(text: str) -> str:
    """Return ``text`` with the values of anything that looks like a secret replaced by ***."""
    text = _SECRETS.sub(r"\1\2***", text)
    return _LOGINS.sub(r"\1***@", _LINKS.sub(r"\1***", text))


class RedactingFormatter(logging.Formatter):
    """Formats as usual, traceback included, then blanks the secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
