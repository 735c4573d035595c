"""Routes of collections and of the edits an owner makes to items."""

from __future__ import annotations

import time

from plexsync.demo.elements import element
from plexsync.demo.http import Answer, Call, Route, container, listed, refusal, route
from plexsync.demo.titles import Collection, Title


def _now() -> int:
    return int(time.time())


def _found(call: Call, key: str) -> Collection | None:
    found = call.plex.library.collections.get(int(key))
    return found if found and call.section(found.section) else None


def _one(call: Call, collection: Collection) -> Answer:
    head = (
        ("size", 1),
        ("librarySectionID", collection.section),
        ("librarySectionTitle", call.plex.library.sections[collection.section].title),
    )
    return container(element(collection, call.form(full=True)), head)


def create(call: Call) -> Answer:
    """Only the owner may; the titles named take the collection's name as a tag."""
    section, title = call.number("sectionId"), call.asked("title")
    if not call.user.owner:
        return refusal(403)
    if call.section(section) is None or not title or not _fits(call, section):
        return refusal(400)
    library = call.plex.library
    now = _now()
    collection = Collection(library.new_key(), title, section, added_at=now, updated_at=now)
    collection.subtype = library.sections[section].kind
    library.collections[collection.key] = collection
    library.tag(collection, call.named())
    return _one(call, collection)


def _fits(call: Call, section: int) -> bool:
    """Whether all that is named can stand together: a collection holds titles of one section."""
    found = [call.plex.library.titles.get(key) for key in call.named()]
    return all(title and title.section == section for title in found)


def show(call: Call, key: str) -> Answer:
    collection = _found(call, key)
    return _one(call, collection) if collection else refusal(404)


def items(call: Call, key: str) -> Answer:
    collection = _found(call, key)
    if collection is None:
        return refusal(404)
    return listed(call, call.plex.library.children(collection))


def add(call: Call, key: str) -> Answer:
    collection = _found(call, key)
    if not call.user.owner or collection is None:
        return refusal(404 if call.user.owner else 403)
    if not call.named() or not _fits(call, collection.section):
        return refusal(400)
    call.plex.library.tag(collection, call.named())
    collection.updated_at = _now()
    return _one(call, collection)


def remove(call: Call, key: str, item: str) -> Answer:
    collection = _found(call, key)
    if not call.user.owner:
        return refusal(403)
    if collection is None or int(item) not in collection.members:
        return refusal(404)
    call.plex.library.untag(collection, [int(item)])
    return _one(call, collection)


def move(call: Call, key: str, item: str) -> Answer:
    collection = _found(call, key)
    if not call.user.owner:
        return refusal(403)
    if collection is None or int(item) not in collection.members:
        return refusal(404)
    collection.members.remove(int(item))
    after = call.number("after")
    at = collection.members.index(after) + 1 if after in collection.members else 0
    collection.members.insert(at, int(item))
    return _one(call, collection)


def delete(call: Call, key: str) -> Answer:
    collection = _found(call, key)
    if not call.user.owner:
        return refusal(403)
    if collection is None:
        return refusal(404)
    call.plex.library.untag(collection, list(collection.members))
    del call.plex.library.collections[int(key)]
    return Answer()


def delete_item(call: Call, key: str) -> Answer:
    """A collection goes; films stay: this server does not allow deleting media."""
    return delete(call, key) if _found(call, key) else refusal(403)


def edit_in_section(call: Call, section: str) -> Answer:
    """PUT on a section's `all` edits the items named by `id`."""
    return _edit(call, call.asked("id"))


def edit(call: Call, key: str) -> Answer:
    return _edit(call, key)


def _edit(call: Call, keys: str) -> Answer:
    """Takes title, sort title and summary; everything else is accepted and passed over."""
    if not call.user.owner:
        return refusal(403)
    found = [call.find(int(key)) for key in keys.split(",") if key.isdigit()]
    edits = dict(call.query)
    for item in found:
        if isinstance(item, (Title, Collection)):
            call.plex.library.rename(item, edits.get("title.value", item.title), _now())
            item.sort_title = edits.get("titleSort.value", item.sort_title)
            item.summary = edits.get("summary.value", item.summary)
    return Answer() if found else refusal(404)


def prefer(call: Call, key: str) -> Answer:
    """`collectionSort`: 0 by date, 1 by title, 2 as arranged by hand."""
    if not call.user.owner:
        return refusal(403)
    collection = _found(call, key)
    if collection and call.asked("collectionSort") in {"0", "1", "2"}:
        collection.sort = call.number("collectionSort")
    return Answer()


def accepted(call: Call, *_: str) -> Answer:
    """Posters and display settings: the owner may, nothing shows."""
    return Answer() if call.user.owner else refusal(403)


ONE = r"/library/collections/(\d+)"
ITEM = r"/library/metadata/(\d+)"
ROUTES: list[Route] = [
    route("POST", r"/library/collections", "collection create", create),
    route("GET", ONE, "collection", show),
    route("GET", rf"{ONE}/(?:children|items)", "collection items", items),
    route("PUT", rf"{ONE}/items", "collection add", add),
    route("DELETE", rf"{ONE}/items/(\d+)", "collection remove", remove),
    route("PUT", rf"{ONE}/items/(\d+)/move", "collection move", move),
    route("DELETE", ONE, "collection delete", delete),
    route("PUT", r"/library/sections/(\d+)/all", "edit", edit_in_section),
    route("PUT", ITEM, "edit", edit),
    route("DELETE", ITEM, "delete", delete_item),
    route("PUT", rf"{ITEM}/prefs", "edit", prefer),
    route("PUT", rf"{ONE}/prefs", "edit", prefer),
    route("POST", rf"{ITEM}/(?:posters|arts)", "poster", accepted),
    route("POST", rf"{ONE}/(?:posters|arts)", "poster", accepted),
]
