"""`{% first_run "sync" %}`: the steps of the first run, until it is over."""

from typing import Any

from django import template

from plexsync import first_run as run

register = template.Library()


@register.inclusion_tag("plexsync/_steps.html", takes_context=True)
def first_run(context: Any, here: str) -> dict[str, Any]:
    """Show how far the first run is; the page may bring its ``steps``, where it asked for them."""
    known = context.get("steps")
    return {"steps": run.steps(here) if known is None else known}
