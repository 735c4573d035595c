"""What a person sees at plex.tv: the sign-in page of app.plex.tv, and plex.tv/link."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from plexsync.demo.http import Answer, Call, Route, route
from plexsync.demo.people import PEOPLE

if TYPE_CHECKING:
    from plexsync.demo.plextv import DemoPlexTv

_STYLE = (
    "body{font:1.1rem system-ui;background:#1f2326;color:#eee;margin:0;display:grid;"
    "place-items:center;min-height:100vh}main{max-width:22rem;padding:1rem;text-align:center}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.8rem;font:inherit;border:0;"
    "border-radius:.4rem;background:#e5a00d;color:#111}input{font:inherit;padding:.6rem;"
    "text-align:center;text-transform:uppercase;width:8rem}"
)
# app.plex.tv is one page that reads what it is to do behind the #, as the real one does.
_SCRIPT = """
const asked = new URLSearchParams(location.hash.replace(/^#!?[?]?/, ""));
for (const name of ["clientID", "code", "forwardUrl"])
  document.querySelector(`[name=${name}]`).value = asked.get(name) || "";
const product = asked.get("context[device][product]");
if (product) document.querySelector("#product").textContent = product;
"""


def sign_in(_tv: DemoPlexTv, _call: Call) -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{name}">' for name in ("clientID", "code", "forwardUrl")
    )
    text = '<p><strong id="product">An app</strong> would like to sign in. Who are you?</p>'
    form = f'<form method="post" action="/auth/approve">{hidden}{_buttons()}</form>'
    return _page("Demo Plex sign-in", f"{text}{form}<script>{_SCRIPT}</script>")


def _buttons() -> str:
    names = [account.name for account in PEOPLE if account.kind != "managed"]
    return "".join(f'<button name="account" value="{n}">I am {n}</button>' for n in names)


def approve(tv: DemoPlexTv, call: Call) -> Answer:
    """Says yes for the pin and sends the browser back to where it came from."""
    told = dict(parse_qsl(call.body.decode("utf-8", "replace")))
    try:
        if tv.pin(told.get("code", "")).client != told.get("clientID"):
            return _page("Demo Plex sign-in", "<p>The code belongs to another app.</p>", 400)
        tv.approve(told["code"], told.get("account", ""))
    except KeyError:
        return _page("Demo Plex sign-in", "<p>The code is unknown or has expired.</p>", 404)
    forward = told.get("forwardUrl", "")
    if not forward.startswith(("http://", "https://")):
        return _page("Demo Plex sign-in", "<p>You are signed in. Close this window.</p>")
    return Answer(b"", 303, "text/html", {"Location": forward})


def link(_tv: DemoPlexTv, _call: Call) -> Answer:
    form = (
        '<form method="post" action="/link"><p><label>Code <input name="code" maxlength="4"'
        f' required autocomplete="off"></label></p>{_buttons()}</form>'
    )
    return _page("Demo Plex link", f"<p>Type the four characters your app shows.</p>{form}")


def linked(tv: DemoPlexTv, call: Call) -> Answer:
    told = dict(parse_qsl(call.body.decode("utf-8", "replace")))
    try:
        tv.approve(told.get("code", ""), told.get("account", ""))
    except KeyError:
        return _page("Demo Plex link", "<p>The code is unknown or has expired.</p>", 404)
    return _page("Demo Plex link", "<p>Your app is linked. Go back to it.</p>")


def _page(title: str, body: str, status: int = 200) -> Answer:
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Answer(html.encode(), status, "text/html; charset=utf-8")


ROUTES: list[Route] = [
    route("GET", r"/auth/?", "page", sign_in),
    route("POST", r"/auth/approve", "page", approve),
    route("GET", r"/link/?", "page", link),
    route("POST", r"/link/?", "page", linked),
]
