"""Who lives here: the Plex Home, the friends the server is shared with, and their tokens.

A person of Plex is a Viewer, switched off until the owner says that they watch here. A token is
asked for only where one is lacking or was refused. What can't be read is said with the person.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from moodrec.phrases import phrase
from plexsync.client import PlexClient, PlexError, history, plextv
from plexsync.models import Connection, PlexAccount, Viewer

Kind = Viewer.PlexKind
NEEDS_PIN = phrase(
    "Plex asks for this person's PIN before it shows what they watched. Type it once."
)
REFUSED = phrase(
    "Plex refused this person's token. MoodRec asks for a new one; “Try again” does it now."
)
WRONG_PIN = phrase("That is not this person's PIN.")
NOT_SHARED = phrase("The server is not shared with this person any more. Share it again in Plex.")
TOKENLESS = phrase(
    "Plex gave no token for this person. Share the server with them in Plex, then try again."
)
ONLY_PLAYS = phrase(
    "Only what the server's history holds is read. Sign in with Plex on the connection page, "
    "and everything this person watched is."
)
_HOME = {Kind.HOME, Kind.MANAGED}
ACCOUNTS_SECONDS = 8  # for the server's short list of names: somebody may be looking at a page


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may use the server."""

    plex_id: int
    name: str
    kind: str
    token: str = ""
    protected: bool = False


def client_of(viewer: Viewer, connection: Connection) -> PlexClient:
    """Return a client that speaks as this viewer."""
    if viewer.owns_plex_state:
        return PlexClient.of(connection)
    if not viewer.plex_token:  # or it would be the owner's state that is read as theirs
        raise PlexError("denied", TOKENLESS)
    return PlexClient.of(connection, token=viewer.plex_token)


def refresh(connection: Connection) -> PlexError | None:
    """Learn who may use the server; newcomers are stored, switched off.

    Where plex.tv or the server can't say so now, everybody stays as they are and why is returned.
    Raises PlexError only where the server refuses our token.
    """
    try:
        found = _found(connection)
    except PlexError as error:
        if error.kind == "denied" and not connection.account_token:
            raise
        if connection.account_token:  # else it is the server that can't say
            with suppress(PlexError):  # the server itself still says whose plays are whose
                _from_the_server(connection)
        return error
    for person in found:
        _meet(person)
    _miss(connection, {person.plex_id for person in found})
    _mint_lacking(connection, found)
    return None


def _found(connection: Connection) -> list[Person]:
    if not connection.account_token:
        return _from_the_server(connection)
    try:
        return _from_plex_tv(connection)
    except PlexError as error:
        if error.kind not in {"missing", "not_plex"}:
            raise
        return _from_the_server(connection)  # plex.tv has no such list for this account


def _from_the_server(connection: Connection) -> list[Person]:
    try:
        names = history.account_names(PlexClient.of(connection, seconds=ACCOUNTS_SECONDS))
    except PlexError as error:
        if error.kind != "forbidden":  # this token is no owner's: who else there is stays unknown
            raise
        return []
    _is_owner(connection, 1)
    return [Person(number, name, Kind.SHARED) for number, name in names.items() if number != 1]


def _from_plex_tv(connection: Connection) -> list[Person]:
    token = connection.account_token
    home = plextv.home_users(token)
    try:
        shares = plextv.shared_servers(token, connection.machine_identifier)
    except PlexError as error:
        if error.kind != "forbidden":
            raise
        _is_owner(connection, connection.account_id)  # a guest on the server: their plays only
        return []
    _is_owner(connection, 1)
    tokens = {share.plex_id: share.token for share in shares}
    here = [
        Person(
            user.id,
            user.name,
            Kind.MANAGED if user.managed else Kind.HOME,
            tokens.get(user.id, ""),
            user.protected,
        )
        for user in home
    ]
    known = {person.plex_id for person in here}
    friends = [
        Person(share.plex_id, share.name, Kind.SHARED, share.token)
        for share in shares
        if share.plex_id not in known
    ]
    return [person for person in (*here, *friends) if person.plex_id != connection.account_id]


def _is_owner(connection: Connection, history_id: int | None) -> None:
    """Note with the connected account's viewer who they are in Plex."""
    viewer = Viewer.objects.filter(owns_plex_state=True).first()
    if viewer is None:
        return
    taken = Viewer.objects.exclude(pk=viewer.pk).filter(plex_id=connection.account_id).exists()
    viewer.plex_id = viewer.plex_id if taken else connection.account_id
    viewer.plex_kind, viewer.history_id = Kind.OWNER if history_id == 1 else Kind.HOME, history_id
    viewer.save(update_fields=["plex_id", "plex_kind", "history_id"])


def _meet(person: Person) -> None:
    """Store what Plex says of a person. The name that the household gave them stays."""
    viewer = Viewer.objects.filter(plex_id=person.plex_id).first() or _with_account(person)
    if viewer is None:
        viewer = Viewer.add(person.name, enabled=False)
    viewer.plex_id = viewer.history_id = person.plex_id
    viewer.plex_kind = person.kind
    viewer.save(update_fields=["plex_id", "history_id", "plex_kind"])


def _with_account(person: Person) -> Viewer | None:
    """Return the viewer of who signed in here with this Plex account."""
    account = PlexAccount.objects.filter(plex_id=person.plex_id).first()
    return Viewer.objects.filter(user=account.user, plex_id=None).first() if account else None


def _miss(connection: Connection, known: set[int]) -> None:
    """Say of those who watch here that the server is not shared with them any more."""
    gone = Viewer.objects.filter(enabled=True, owns_plex_state=False, plex_id__isnull=False)
    if connection.account_token:
        gone.exclude(plex_id__in=known).update(plex_token="", plex_problem=NOT_SHARED)


def _mint_lacking(connection: Connection, found: list[Person]) -> None:
    """Get a token for each who watches here and has none; stop where plex.tv asks us to wait."""
    lacking = Viewer.objects.filter(enabled=True, owns_plex_state=False, plex_id__isnull=False)
    people = {person.plex_id: person for person in found}
    for viewer in lacking:
        person = people.get(viewer.plex_id or 0)
        if person is not None and not viewer.plex_token:
            try:
                _mint(connection, viewer, person)
            except PlexError as error:
                if error.kind in {"busy", "unreachable"}:
                    return
                note(viewer, error)


def mint(connection: Connection, viewer: Viewer, pin: str = "") -> None:
    """Get a token that reads what this viewer watched; a problem is noted with the viewer.

    Raises PlexError where plex.tv does not answer now. The PIN is used and forgotten.
    """
    person = next((one for one in _found(connection) if one.plex_id == viewer.plex_id), None)
    if person is None:
        _note(viewer, NOT_SHARED if connection.account_token else ONLY_PLAYS)
    else:
        _mint(connection, viewer, person, pin)


def _mint(connection: Connection, viewer: Viewer, person: Person, pin: str = "") -> None:
    if not connection.account_token:
        _note(viewer, ONLY_PLAYS)
    elif person.token and person.token != viewer.plex_token:
        _take(viewer, person.token)
    elif person.kind not in _HOME:
        _note(viewer, TOKENLESS)
    elif person.protected and not pin:
        _note(viewer, NEEDS_PIN)
    else:
        _switch(connection, viewer, pin)


def _switch(connection: Connection, viewer: Viewer, pin: str) -> None:
    """Become the member of the Plex Home for two calls, to learn their token for our server."""
    try:
        theirs = plextv.switch(connection.account_token, viewer.plex_id or 0, pin)
    except PlexError as error:
        if error.kind not in {"forbidden", "denied"}:
            raise
        _note(viewer, WRONG_PIN if pin else NEEDS_PIN)
        return
    machine = connection.machine_identifier
    tokens = [s.token for s in plextv.servers(theirs) if s.machine_identifier == machine]
    if tokens and tokens[0]:
        _take(viewer, tokens[0])
    else:
        _note(viewer, NOT_SHARED)


def _take(viewer: Viewer, token: str) -> None:
    viewer.plex_token, viewer.plex_problem = token, ""
    viewer.save(update_fields=["plex_token", "plex_problem"])


def _note(viewer: Viewer, problem: str) -> None:
    viewer.plex_token, viewer.plex_problem = "", problem
    viewer.save(update_fields=["plex_token", "plex_problem"])


def note(viewer: Viewer, error: PlexError) -> None:
    """Keep with the viewer why their account could not be read; a refused token is dropped."""
    if error.kind == "denied":
        _note(viewer, REFUSED)
    elif error.kind in {"forbidden", "missing", "not_plex"}:
        viewer.plex_problem = str(error)
        viewer.save(update_fields=["plex_problem"])


def choose(connection: Connection | None, viewer: Viewer, *, enabled: bool, pin: str = "") -> None:
    """Let somebody watch here, or not any more; with their Plex account, where they have one.

    The history is read anew for who is new to it. Raises PlexError where plex.tv does not answer.
    """
    Viewer.objects.filter(pk=viewer.pk).update(enabled=enabled)
    viewer.enabled = enabled
    if not enabled:
        _note(viewer, "")
        return
    if connection is None or viewer.plex_id is None or viewer.owns_plex_state:
        return
    Connection.objects.filter(pk=connection.pk).update(history_read_to=None)
    if not viewer.plex_token:
        mint(connection, viewer, pin)


def is_same(person: Viewer, viewer: Viewer) -> bool:
    """Join a person whom Plex told of with a viewer of ours; tell whether that could be done.

    Only one who never did anything here can be joined: nothing of theirs is lost.
    """
    if viewer.plex_id is not None or viewer.owns_plex_state or _has_a_past(person):
        return False
    told = {"plex_id": person.plex_id, "history_id": person.history_id}
    caps = [each.content_cap for each in (person, viewer) if each.content_cap is not None]
    told["content_cap"] = min(caps, default=None)
    kind, pin = person.plex_kind, viewer.pin or person.pin
    with transaction.atomic():
        person.delete()
        Viewer.objects.filter(pk=viewer.pk).update(plex_kind=kind, pin=pin, **told)
    return True


def can_go(viewer: Viewer) -> bool:
    """Tell whether nothing would be lost with somebody: added here, and no answers, no account."""
    return viewer.plex_id is None and not viewer.owns_plex_state and not _has_a_past(viewer)


def _has_a_past(person: Viewer) -> bool:
    links = person._meta.related_objects  # noqa: SLF001 (Django's public name for it)
    names = [link.get_accessor_name() for link in links]
    return bool(person.user_id) or any(getattr(person, name).exists() for name in names if name)
