"""Reach the server that is connected: at the address in use, else at another of its own."""

from moodrec.phrases import phrase
from plexsync import addresses
from plexsync.client import PlexClient, PlexError
from plexsync.client.asking import Identity, ask
from plexsync.models import Connection

_AWAY = {"timeout", "refused", "certificate"}
_ANOTHER = phrase("Another Plex server answers at this address. Connect Plex again.")


def reach(row: Connection) -> None:
    """Move the connection to an address at which its server answers, where the present one is silent.

    Raises PlexError where another server answers and none of the addresses leads to ours: nobody's
    token or library is told or mixed up. A server that is silent everywhere is no matter of this:
    the first call will say so.
    """
    here = _ask(row, row.url)
    if not _is_another(here, row) and here.failure not in _AWAY:
        return
    for uri in _others(row):
        if _ask(row, uri).machine_identifier == row.machine_identifier:
            row.url = uri
            row.save(update_fields=["url"])
            return
    if _is_another(here, row):
        raise PlexError("not_plex", _ANOTHER)


def confirmed(row: Connection, error: PlexError, *, seconds: float | None = None) -> PlexError:
    """Return what a refused token really means: busy servers refuse good ones too.

    Asked twice, once who answers and once whether the token is welcome.
    """
    if error.kind != "denied":
        return error
    if _is_another(_ask(row, row.url), row):
        return PlexError("not_plex", _ANOTHER)
    try:
        welcome = PlexClient.of(row, seconds=seconds).is_welcome()
    except PlexError as other:
        return other
    if not welcome:
        return error
    return PlexError(
        "forbidden", phrase("Plex refused one request, but takes the token. Try again in a while.")
    )


def _ask(row: Connection, uri: str) -> Identity:
    return ask(uri, unverified=row.unverified, ours=addresses.ours())


def _is_another(found: Identity, row: Connection) -> bool:
    known = row.machine_identifier
    return bool(known and not found.failure and found.machine_identifier != known)


def _others(row: Connection) -> list[str]:
    """Return the other addresses that are as safe as the one in use.

    Whoever can silence an encrypted address could answer at a plain one, and would be given the
    token. A certificate that is accepted unchecked is accepted at the address it was accepted at.
    """
    if row.unverified:
        return []
    safe = "https://" if row.url.startswith("https://") else ("http://", "https://")
    known = [str(each.get("uri") or "").rstrip("/") for each in row.addresses]
    return [uri for uri in dict.fromkeys(known) if uri.startswith(safe) and uri != row.url]
