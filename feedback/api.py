"""The log over HTTP: POST /feedback, history, favourites and viewers."""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback import log, memory
from feedback.models import Ask, Favorite, Suggestion
from plexsync.models import MediaItem, Viewer
from plexsync.sight import of_visible, visible


def item_of(plex_id: str, user: User | AnonymousUser) -> MediaItem:
    """Return the title with this Plex key; raise a ValidationError that names the field.

    What the user may not see in Plex is not there for them.
    """
    rows = MediaItem.objects.filter(rating_key=plex_id, library__connection__active=True)
    found = visible(rows, user).first()
    if found is None:
        raise serializers.ValidationError(
            {"plex_id": [_("No title has the Plex id '%(key)s'.") % {"key": plex_id}]}
        )
    return found


def speaker(user: User | AnonymousUser, slug: str | None) -> Viewer:
    """Return the viewer this user speaks for: the named one, else the user's own."""
    allowed = Viewer.objects.speakable_by(user)
    own = allowed.filter(slug=slug) if slug else allowed.filter(user__pk=user.pk or 0)
    found = own.first()
    if found is None:
        message = (
            _("There is no viewer '%(slug)s' that you may speak for.") % {"slug": slug}
            if slug
            else _("You have no viewer of your own: name one.")
        )
        raise serializers.ValidationError({"viewer": [message]})
    return found


class _Bool(serializers.BooleanField):
    """Only JSON's true and false: the text "no" is a mistake to report, not an answer."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class _Int(serializers.IntegerField):
    """Only a whole JSON number: neither true nor 4.5 is a number of stars."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class MoodInput(serializers.Serializer[Any]):
    """The mood a title was watched in, as GET /recommend answers it."""

    vibe = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=10
    )
    company = serializers.ChoiceField(choices=["solo", "group"], required=False)
    session = serializers.CharField(max_length=20, required=False)
    minutes = _Int(required=False, allow_null=True, min_value=1, max_value=1440)
    seen = serializers.CharField(max_length=20, required=False)
    type = serializers.CharField(max_length=20, required=False)


class FeedbackInput(serializers.Serializer[Any]):
    """What a viewer says of a title; at least one of the three answers."""

    plex_id = serializers.CharField(max_length=40)
    suggestion = _Int(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    mood = MoodInput(required=False, allow_null=True)
    viewer = serializers.CharField(required=False, allow_null=True, max_length=80)
    completed = _Bool(required=False, allow_null=True)
    would_watch_again = _Bool(required=False, allow_null=True)
    rating = _Int(required=False, allow_null=True, min_value=1, max_value=5)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if all(attrs.get(name) is None for name in log.ANSWERS):
            message = _("Say at least one of completed, would_watch_again and rating.")
            raise serializers.ValidationError({"non_field_errors": [message]})
        return attrs


class FeedbackView(APIView):
    """Say whether a title was finished, would be watched again, and how many stars it gets."""

    @extend_schema(request=FeedbackInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        form = FeedbackInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        item = item_of(said["plex_id"], request.user)
        row, created = log.said(
            speaker(request.user, said.get("viewer")),
            item,
            {name: said[name] for name in log.ANSWERS if said.get(name) is not None},
            suggestion=_suggestion(request, said.get("suggestion"), item),
            mood=said.get("mood"),
        )
        return Response({"feedback": row.pk, "plex_id": item.rating_key, "created": created})


def _suggestion(request: Request, pk: int | None, item: MediaItem) -> Suggestion | None:
    if pk is None:
        return None
    found: Suggestion | None = (
        memory.visible_suggestions(request.user).select_related("ask").filter(pk=pk).first()
    )
    if found is None:
        raise serializers.ValidationError(
            {"suggestion": [_("There is no suggestion %(number)s.") % {"number": pk}]}
        )
    if found.item_id != item.pk:
        raise serializers.ValidationError(
            {"suggestion": [_("Suggestion %(number)s is another title.") % {"number": pk}]}
        )
    return found


class AskOutput(serializers.ModelSerializer[Ask]):
    """An ask of the past with what was shown for it."""

    ask = serializers.UUIDField(source="pk")
    viewers: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    suggestions = serializers.SerializerMethodField()

    class Meta:
        model = Ask
        fields = ("ask", "asked_at", "mood", "viewers", "spin", "model_version", "suggestions")

    def get_suggestions(self, ask: Ask) -> list[dict[str, Any]]:
        return [
            {
                "suggestion": shown.pk,
                "plex_id": shown.item.rating_key,
                "title": shown.item.title,
                "role": shown.role,
                "score": round(shown.score, 4),
                "feedback": [
                    {
                        "viewer": said.viewer.slug,
                        **{name: getattr(said, name) for name in log.ANSWERS},
                    }
                    for said in shown.feedback.all()
                ],
            }
            for shown in ask.suggestions.all()
        ]


class AskList(generics.ListAPIView[Ask]):
    """The history: asks, newest first, with what was shown and said."""

    serializer_class = AskOutput

    def get_queryset(self) -> QuerySet[Ask]:
        asks = Ask.objects.visible_to(self.request.user).order_by("-asked_at")
        return asks.prefetch_related("viewers", _shown_to(self.request.user))


class AskDetail(generics.RetrieveAPIView[Ask]):
    """One ask with what was shown and said."""

    serializer_class = AskOutput

    def get_queryset(self) -> QuerySet[Ask]:
        asks = Ask.objects.visible_to(self.request.user)
        return asks.prefetch_related("viewers", _shown_to(self.request.user))


def _shown_to(user: User | AnonymousUser) -> "Prefetch[str, QuerySet[Suggestion], str]":
    """Fetch what was shown of it to this user, with what was said of that."""
    rows = of_visible(Suggestion.objects.select_related("item"), user)
    return Prefetch("suggestions", rows.prefetch_related("feedback__viewer"))


class FavoriteInput(serializers.Serializer[Any]):
    """A title to keep in sight, or not any more."""

    plex_id = serializers.CharField(max_length=40)
    viewer = serializers.CharField(required=False, allow_null=True, max_length=80)
    favorite = _Bool(default=True)


class FavoriteOutput(serializers.ModelSerializer[Favorite]):
    """A favourite."""

    plex_id = serializers.CharField(source="item.rating_key")
    title = serializers.CharField(source="item.title")
    viewer = serializers.CharField(source="viewer.slug")

    class Meta:
        model = Favorite
        fields = ("plex_id", "title", "viewer", "added_at")


class FavoriteView(generics.ListAPIView[Favorite]):
    """The favourites of the viewers you may speak for; POST adds one or takes it off."""

    serializer_class = FavoriteOutput

    def get_queryset(self) -> QuerySet[Favorite]:
        mine = Viewer.objects.speakable_by(self.request.user)
        titles = visible(MediaItem.objects.all(), self.request.user)
        rows = Favorite.objects.filter(viewer__in=mine, item__in=titles)
        return rows.select_related("item", "viewer")

    @extend_schema(request=FavoriteInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        form = FavoriteInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        item = item_of(said["plex_id"], request.user)
        log.favorite(speaker(request.user, said.get("viewer")), item, wanted=said["favorite"])
        return Response({"plex_id": item.rating_key, "favorite": said["favorite"]})


class ViewerOutput(serializers.ModelSerializer[Viewer]):
    """Somebody who watches here."""

    class Meta:
        model = Viewer
        fields: ClassVar = ["slug", "name"]


class ViewerList(generics.ListAPIView[Viewer]):
    """Who lives here: names for `viewer`."""

    queryset = Viewer.objects.filter(enabled=True)
    serializer_class = ViewerOutput
