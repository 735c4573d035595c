"""`{{ vibe|mood_name }}`: a mood in the reader's language."""

from django import template

from feedback import moodnames

register = template.Library()
register.filter("mood_name", moodnames.mood_name)
