"""`{% first_run "sync" %}`: the steps of the first run, until it is over."""

from typing import Any

from django import template

from plexsync import first_run as run

register = template.Library()


@register.inclusion_tag("plexsync/_steps.html", takes_context=True)
def first_run(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Show how far the first run is, to who sets MoodRec up."""
    user = context.get("user")
    is_theirs = here == "owner" or (user is not None and user.is_staff and not run.is_over())
    return {"steps": run.steps(here) if is_theirs else []}
