"""An ask as the HTTP contract shows it: for the API, the command and the pages alike."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from feedback.models import Ask, Suggestion
from mlmodel.models import ModelVersion
from moodrec.phrases import told
from plexsync.models import Episode, Viewer
from recommender.coming import coming, episode_json
from recommender.moment import Answers
from recommender.wording import of_person

POSTER_WIDTH = 300


def as_json(ask: Ask) -> dict[str, Any]:
    """Return the answer of GET /recommend."""
    rows = ask.suggestions.select_related("item__library__connection").order_by("rank")
    shown = list(rows)
    episodes = coming(shown, ask.viewers.all())
    return {
        "ask": str(ask.pk),
        "mood": Answers.from_json(ask.mood).mood_json(),
        "model": model_json(ask.model_version),
        "suggestions": [suggestion_json(each, episodes.get(each.item_id)) for each in shown],
        "remaining": ask.remaining,
        "relax": ask.relax,
    }


def by_person(reasons: Iterable[str], viewers: Iterable[Viewer]) -> list[tuple[str, str]]:
    """Return each reason with the name of the viewer it is for; "" where it is for all of them."""
    names = [viewer.name for viewer in viewers]
    return [(next((n for n in names if of_person(text, n)), ""), text) for text in reasons]


def model_json(number: int | None) -> dict[str, Any]:
    """Return which model scored: the prior, or a learned version and its number of answers."""
    if number is None:
        return {"version": None, "kind": "prior", "examples": 0}
    row = ModelVersion.objects.filter(number=number).only("examples").first()
    return {"version": number, "kind": "learned", "examples": row.examples if row else 0}


def suggestion_json(shown: Suggestion, episode: Episode | None = None) -> dict[str, Any]:
    item = shown.item
    return {
        "suggestion": shown.pk,
        "plex_id": item.rating_key,
        "title": item.title,
        "year": item.year,
        "type": item.type,
        "genres": item.genres,
        "runtime_minutes": item.runtime_minutes,
        "content_rating": item.content_rating or None,
        "summary": item.summary,
        "poster": reverse("poster", args=[item.pk, POSTER_WIDTH]),
        "plex_url": item.plex_url,
        "next_episode": episode_json(episode),
        "role": shown.role,
        "score": round(shown.score, 4),
        "reasons": [told(reason) for reason in shown.reasons],
        "drawback": told(shown.drawback) or None,
    }
