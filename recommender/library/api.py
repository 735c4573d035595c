"""GET /api/media: the catalogue over HTTP, to filter and to search."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, serializers

from plexsync.models import MediaItem
from plexsync.sight import visible


class WholeFilter(django_filters.Filter):
    """A whole number that any database can compare."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=1_000_000, **kwargs)


class MediaFilter(django_filters.FilterSet):
    """Search the catalogue."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains")
    genre = django_filters.CharFilter(method="of_genre")
    type = django_filters.ChoiceFilter(
        choices=[("movie", gettext_lazy("films")), ("show", gettext_lazy("series"))]
    )
    year = WholeFilter()
    year_min = WholeFilter(field_name="year", lookup_expr="gte")
    year_max = WholeFilter(field_name="year", lookup_expr="lte")
    max_minutes = WholeFilter(field_name="runtime_minutes", lookup_expr="lte")
    library = django_filters.CharFilter(field_name="library__key")

    class Meta:
        model = MediaItem
        fields = ("q", "genre", "type", "year", "library")

    def of_genre(self, queryset: Any, _name: str, value: str) -> Any:
        return queryset.of_genre(value)


class MediaOutput(serializers.ModelSerializer[MediaItem]):
    """A title of the catalogue."""

    plex_id = serializers.CharField(source="rating_key")
    genres: Any = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = MediaItem
        fields = (
            "plex_id", "title", "year", "type", "genres", "runtime_minutes", "content_rating",
            "audience_rating", "summary",
        )  # fmt: skip


class MediaList(generics.ListAPIView[MediaItem]):
    """The titles on offer: filter by genre, type, year, length; search by title."""

    serializer_class = MediaOutput
    filter_backends = (DjangoFilterBackend,)
    filterset_class = MediaFilter

    def get_queryset(self) -> QuerySet[MediaItem]:
        if getattr(self, "swagger_fake_view", False):  # the schema is made without a database
            return MediaItem.objects.none()
        return visible(MediaItem.objects.on_offer(), self.request.user).order_by("sort_title", "pk")


class MediaDetail(generics.RetrieveAPIView[MediaItem]):
    """One title by its Plex id."""

    queryset = MediaItem.objects.all()
    serializer_class = MediaOutput
    lookup_field = "rating_key"

    def get_object(self) -> MediaItem:
        """Return the title; one that moved may be in two libraries until both are swept."""
        titles = visible(MediaItem.objects.on_offer(), self.request.user)
        item = titles.filter(rating_key=self.kwargs["rating_key"]).first()
        if item is None:
            raise Http404
        return item
