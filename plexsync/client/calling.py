"""One call to the server: a session of our own, patient but not for ever, that tells no token."""

import time
from io import BytesIO
from threading import Thread
from typing import Any, Generic, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning, ReadTimeoutError
from urllib3.util import Retry

from plexsync.client import bounded
from plexsync.client.errors import LATE, PlexSlow, of_status, translated

CONNECT_SECONDS = 5  # somebody may be looking at the form
READ_SECONDS = 60  # for the next bytes
WHOLE = 2  # times as long for all of them: a server that drips is as good as silent
MOST_BYTES = 256 << 20  # of one answer: a library of 100,000 that a server sends in one piece
_CHUNK = 1 << 18
T = TypeVar("T")


class _Retry(Retry):
    """Repeats what was cut off; nobody home or no answer in time is an answer too."""

    def increment(self, *args: Any, **kwargs: Any) -> "_Retry":
        error = kwargs.get("error")
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, **kwargs)


class HomeSession(bounded.Staying):
    """A session that retries reads and never carries our token to another address.

    ``unverified``: the server's certificate is accepted whatever it says.
    """

    def __init__(self, *, unverified: bool = False) -> None:
        super().__init__()
        retry = _Retry(
            total=2,
            connect=0,
            backoff_factor=0.5,
            status_forcelist=[502, 504],
            allowed_methods=["GET"],
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        self.mount("http://", HTTPAdapter(max_retries=retry))
        self.mount("https://", HTTPAdapter(max_retries=retry))
        self.unverified = unverified
        if unverified:
            urllib3.disable_warnings(
                InsecureRequestWarning
            )  # the household said so, once is enough

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send; the one place every call goes through, plexapi's too.

        An answer without end is not read to it, and where a redirect leads is not even looked at.
        """
        if self.unverified:
            kwargs["verify"] = False  # here: an environment's REQUESTS_CA_BUNDLE would win else
        answer = super().send(request, **{**kwargs, "stream": True})
        if answer.is_redirect:
            answer.close()
            raise requests.TooManyRedirects
        if not kwargs.get("stream"):
            with answer:
                body = bounded.body(answer, MOST_BYTES, WHOLE * _patience(kwargs))
            answer.raw = BytesIO(body)
        return answer


def _patience(kwargs: dict[str, Any]) -> float:
    """Return for how many seconds one waits for the next bytes."""
    told = kwargs.get("timeout")
    seconds = told[1] if isinstance(told, tuple) else told
    return float(seconds or READ_SECONDS)


def body_of(session: HomeSession, url: str, headers: dict[str, str], read_seconds: float) -> bytes:
    """Return the body of a 200 answer. Raises PlexError for any other."""
    deadline = time.monotonic() + WHOLE * read_seconds
    with (
        translated(),
        session.get(
            url, headers=headers, timeout=(CONNECT_SECONDS, read_seconds), stream=True
        ) as answer,
    ):
        if answer.status_code != requests.codes.ok:
            raise of_status(answer.status_code)
        return _body(answer, deadline)


def _body(answer: requests.Response, deadline: float) -> bytes:
    packed = "Content-Encoding" in answer.headers  # else it needs no unpacking, which copies it
    parts, size = [], 0
    while part := answer.raw.read1(_CHUNK, decode_content=packed):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES or time.monotonic() > deadline:
            raise PlexSlow(LATE)
    return b"".join(parts)


class Coming(Generic[T]):
    """A call made ahead, in a thread: the server works on it while we read what came before."""

    def __init__(self, call: Any, *arguments: Any) -> None:
        self._call, self._arguments = call, arguments
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="plex ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value = self._call(*self._arguments)
        except BaseException as error:  # noqa: BLE001 (raised where the answer is wanted)
            self._error = error

    def result(self) -> T:
        self._thread.join()
        if self._error is not None:
            raise self._error
        value: T = self._value
        return value
