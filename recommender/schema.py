"""The shape of GET /recommend's answer, as the OpenAPI document tells it; `present` fills it."""

from typing import Any

from rest_framework import serializers

from feedback.models import Suggestion
from recommender import moment


class MoodOutput(serializers.Serializer[Any]):
    """The answers that were given."""

    vibe = serializers.ListField(child=serializers.ChoiceField(choices=moment.VIBES))
    company = serializers.ChoiceField(choices=moment.COMPANIES)
    session = serializers.ChoiceField(choices=moment.SESSIONS)
    minutes = serializers.IntegerField(allow_null=True, help_text="The time there is.")
    seen = serializers.ChoiceField(choices=moment.SEEN)
    type = serializers.ChoiceField(choices=moment.TYPES)


class ScoredByOutput(serializers.Serializer[Any]):
    """What scored: a learned version, or the prior while nothing is learned."""

    version = serializers.IntegerField(allow_null=True)
    kind = serializers.ChoiceField(choices=("prior", "learned"))
    examples = serializers.IntegerField(help_text="Answers it has learned from.")


class NextEpisodeOutput(serializers.Serializer[Any]):
    """Of a series, the episode that comes next for those who watch."""

    season = serializers.IntegerField()
    episode = serializers.IntegerField()
    title = serializers.CharField()
    plex_id = serializers.CharField()
    runtime_minutes = serializers.IntegerField(allow_null=True)


class SuggestionOutput(serializers.Serializer[Any]):
    """One title, and why it is shown."""

    suggestion = serializers.IntegerField(help_text="Name it in POST /feedback.")
    plex_id = serializers.CharField()
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    type = serializers.ChoiceField(choices=("movie", "show"))
    genres: Any = serializers.ListField(child=serializers.CharField())
    runtime_minutes = serializers.IntegerField(
        allow_null=True, help_text="Of a series: of one episode."
    )
    content_rating = serializers.CharField(allow_null=True)
    summary = serializers.CharField()
    poster = serializers.CharField(help_text="The path of a picture on this server.")
    plex_url = serializers.CharField(help_text="Opens it in Plex.")
    next_episode = NextEpisodeOutput(allow_null=True)
    role = serializers.ChoiceField(choices=Suggestion.Role.values)
    score = serializers.FloatField(help_text="Probability that it is enjoyed, 0 to 1.")
    reasons: Any = serializers.ListField(
        child=serializers.CharField(),
        help_text="Best first; in a group one that is one person's begins with “For” and the name.",
    )
    drawback = serializers.CharField(allow_null=True, help_text="What speaks against it most.")


class RelaxOutput(serializers.Serializer[Any]):
    """An answer that blocks, and the least loosening of it that brings titles."""

    answer = serializers.CharField(
        help_text="A parameter of the request; `spin`: all that spinning again has narrowed."
    )
    value = serializers.JSONField(
        allow_null=True, help_text="What to answer instead; null or an empty list: nothing."
    )
    matches = serializers.IntegerField(help_text="Titles that fit then.")


class RecommendOutput(serializers.Serializer[Any]):
    """At most three titles; none where nothing fits, and then what to loosen."""

    ask = serializers.UUIDField(help_text="Name it to spin again.")
    mood = MoodOutput()
    model = ScoredByOutput()
    suggestions = SuggestionOutput(many=True)
    remaining = serializers.IntegerField(help_text="Titles that fit and are not shown yet.")
    relax = RelaxOutput(many=True, help_text="Best first; empty where something fits.")
