"""GET /recommend: the questionnaire over HTTP."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.models import Ask
from plexsync.content_ratings import age_of
from plexsync.models import Viewer
from plexsync.pages.unlocked import locked
from recommender import moment
from recommender.moment import Answers
from recommender.present import as_json
from recommender.schema import RecommendOutput
from recommender.suggest import MOST, Request, suggest

MOODS = ("vibe", "strong", "avoid")
LISTS = (*MOODS, "viewer")
NOT_OURS = {"format"}  # of DRF itself
MOOD_FIELDS = ("company", "session", "minutes", "seen", "type", "max_content_rating", "order")


@extend_schema_field(OpenApiTypes.STR)
class ClockField(serializers.TimeField):
    """A time of day as a clock shows it, HH:MM: no seconds, which OpenAPI's own `time` would have."""


class RecommendInput(serializers.Serializer[Any]):
    """The parameters of GET /recommend; an answer that is not given is open."""

    vibe = serializers.MultipleChoiceField(
        choices=moment.VIBES,
        required=False,
        help_text="Moods it must have; repeat it or separate them by commas.",
    )
    strong = serializers.MultipleChoiceField(
        choices=moment.VIBES,
        required=False,
        help_text="Moods it must have very much; they need not be in vibe too.",
    )
    avoid = serializers.MultipleChoiceField(
        choices=moment.VIBES, required=False, help_text="Moods it must have none of."
    )
    company = serializers.ChoiceField(
        choices=moment.COMPANIES,
        required=False,
        help_text="Who watches; a group where several viewers are named.",
    )
    session = serializers.ChoiceField(
        choices=moment.SESSIONS,
        required=False,
        help_text="Something short, a film, one episode or several of a series, or any.",
    )
    minutes = serializers.IntegerField(
        min_value=moment.LEAST_MINUTES,
        max_value=moment.MOST_MINUTES,
        required=False,
        help_text="The time there is.",
    )
    finish_by = ClockField(
        input_formats=["%H:%M"],
        required=False,
        help_text="HH:MM by your clock, instead of minutes.",
    )
    seen = serializers.ChoiceField(
        choices=moment.SEEN, required=False, help_text="Only new to all, only seen before, or any."
    )
    type = serializers.ChoiceField(
        choices=moment.TYPES, required=False, help_text="Films, series, or any."
    )
    order = serializers.ChoiceField(
        choices=moment.ORDERS,
        required=False,
        help_text="No sequel before what it follows (first, where not given), or any.",
    )
    viewer = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=20,
        help_text="Who is present, by slug; repeat it or separate them by commas. Else the key's own viewer. "
        "Their age caps hold; a PIN is asked for on a shared device only, not of a key.",
    )
    max_content_rating = serializers.CharField(
        max_length=40, required=False, help_text="The highest age rating, such as PG-13."
    )
    count = serializers.IntegerField(
        min_value=1, max_value=MOST, default=MOST, help_text="How many titles."
    )
    ask = serializers.UUIDField(
        required=False, help_text="An earlier ask to spin again: the same mood, no repeats."
    )
    spin = serializers.ChoiceField(
        choices=moment.SPINS, required=False, help_text="Why it is spun again."
    )

    def validate_max_content_rating(self, value: str) -> str:
        if age_of(value) is None:
            raise serializers.ValidationError(
                _("“%(rating)s” is no rating with a known age.") % {"rating": value}
            )
        return value

    def validate_viewer(self, slugs: list[str]) -> list[Viewer]:
        found = {viewer.slug: viewer for viewer in Viewer.objects.filter(slug__in=slugs)}
        missing = [slug for slug in slugs if slug not in found]
        if missing:
            raise serializers.ValidationError(
                _("No such viewer: %(slugs)s.") % {"slugs": ", ".join(missing)}
            )
        return list(found.values())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "spin" in attrs and "ask" not in attrs:
            raise serializers.ValidationError({"spin": [_("Name the ask to spin again.")]})
        both = {*attrs.get("vibe", ()), *attrs.get("strong", ())} & {*attrs.get("avoid", ())}
        if both:
            message = _("Wanted and not wanted: %(moods)s.") % {"moods": ", ".join(sorted(both))}
            raise serializers.ValidationError({"avoid": [message]})
        if "finish_by" in attrs:
            attrs["minutes"] = self._until(attrs)
        return attrs

    def _until(self, attrs: dict[str, Any]) -> int:
        if "minutes" in attrs:
            raise serializers.ValidationError(
                {"finish_by": [_("Give minutes or finish_by, not both.")]}
            )
        left = moment.minutes_until(attrs["finish_by"], timezone.localtime())
        if left < moment.LEAST_MINUTES:
            raise serializers.ValidationError(
                {
                    "finish_by": [
                        ngettext(
                            "That is in %(count)s minute already.",
                            "That is in %(count)s minutes already.",
                            left,
                        )
                        % {"count": left}
                    ]
                }
            )
        return left


def _parameters(request: HttpRequest) -> dict[str, Any]:
    """Return the query as data for the form; refuse names we don't know, so none is ignored."""
    unknown = set(request.query_params) - set(RecommendInput().fields) - NOT_OURS
    if unknown:
        raise serializers.ValidationError(
            {name: [_("Unknown parameter.")] for name in sorted(unknown)}
        )
    data: dict[str, Any] = {}
    for name in set(request.query_params) - NOT_OURS:
        values = request.query_params.getlist(name)
        if name in LISTS:
            data[name] = listed(values)
        elif len(values) > 1:
            raise serializers.ValidationError({name: [_("Give it once.")]})
        else:
            data[name] = values[0]
    return data


def listed(values: Sequence[str]) -> list[str]:
    parts = [part.strip().lower() for value in values for part in value.split(",")]
    return list(dict.fromkeys(part for part in parts if part))


def request_of(
    user: User | AnonymousUser | None, given: dict[str, Any], *, source: str = Ask.Source.API
) -> Request:
    """Return the request of a checked form; nobody (None) asks for the household, as its owner."""
    previous = _previous(user, given.get("ask"))
    viewers = given.get("viewer") or _own_viewers(user, previous)
    answers = Answers.from_json(previous.mood) if previous else Answers()
    answers = replace(answers, **{name: given[name] for name in MOOD_FIELDS if name in given})
    if "minutes" in given:
        until = given.get("finish_by")
        answers = replace(answers, until=f"{until:%H:%M}" if until else None)
    answers = answers.in_the_mood(**{name: given[name] for name in MOODS if name in given})
    if len(viewers) > 1 and "company" not in given:
        answers = replace(answers, company="group")
    return Request(
        answers=answers,
        viewers=viewers,
        user=user if isinstance(user, User) else None,
        source=source,
        count=given["count"],
        previous=previous,
        spin=given.get("spin", ""),
    )


def _previous(user: User | AnonymousUser | None, ask: Any) -> Ask | None:
    if ask is None:
        return None
    visible = Ask.objects.visible_to(user) if user else Ask.objects.all()
    found = visible.filter(pk=ask).first()
    if found is None:
        raise serializers.ValidationError({"ask": [_("There is no ask %(ask)s.") % {"ask": ask}]})
    return found


def _own_viewers(user: User | AnonymousUser | None, previous: Ask | None) -> list[Viewer]:
    if previous is not None:
        return list(previous.viewers.all())
    return list(Viewer.objects.filter(user__pk=user.pk or 0)) if user else []


class RecommendView(APIView):
    """One to three titles for a mood and a moment, each with a role and reasons."""

    http_method_names = ("get", "options")  # a HEAD would log an ask that nobody sees

    @extend_schema(parameters=[RecommendInput], responses=RecommendOutput)
    def get(self, request: HttpRequest) -> Response:
        form = RecommendInput(data=_parameters(request))
        form.is_valid(raise_exception=True)
        asked = request_of(request.user, form.validated_data)
        if request.auth is None:  # a browser, which may be the one that everybody uses
            _refuse_locked(request, asked.viewers)
        return Response(as_json(suggest(asked)))


def _refuse_locked(request: HttpRequest, viewers: Sequence[Viewer]) -> None:
    """Raise a ValidationError where the PIN of one of these was not typed on this device."""
    shut = locked(request, viewers)
    names = [viewer.name for viewer in viewers if viewer.pk in shut]
    if names:
        message = _("Type %(name)s’s PIN first.") % {"name": names[0]}
        raise serializers.ValidationError({"viewer": [message]})
