"""What the moods are called on a page, in the reader's language: one table for every app and template."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

MOOD_NAMES: dict[str, Promise] = {
    "funny": pgettext_lazy("mood", "Funny"),
    "action": pgettext_lazy("mood", "Action"),
    "dramatic": pgettext_lazy("mood", "Dramatic"),
    "relaxing": pgettext_lazy("mood", "Relaxing"),
    "tense": pgettext_lazy("mood", "Tense"),
    "scary": pgettext_lazy("mood", "Scary"),
    "romantic": pgettext_lazy("mood", "Romantic"),
    "dark": pgettext_lazy("mood", "Dark"),
    "uplifting": pgettext_lazy("mood", "Uplifting"),
    "thoughtful": pgettext_lazy("mood", "Thoughtful"),
}


def mood_name(mood: str) -> str:
    """Return a mood as a button shows it; one that is not ours (an old row's) as it was written."""
    return str(MOOD_NAMES.get(mood, mood))
