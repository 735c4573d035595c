"""The titles: films, series and their episodes, as Plex describes them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from plexsync.fields import NamesField, containing
from plexsync.links import app_link, web_link
from plexsync.models.server import Library


class MediaItemQuerySet(models.QuerySet["MediaItem"]):
    def on_offer(self) -> "MediaItemQuerySet":
        """Titles that can be watched tonight: present in Plex, in a library that is switched on."""
        return self.filter(available=True, library__enabled=True, library__connection__active=True)

    def of_genre(self, genre: str) -> "MediaItemQuerySet":
        return self.filter(genres__contains=containing(genre))


class MediaItem(models.Model):
    """A title (film or series) of the household, as Plex describes it."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="items")
    rating_key = models.CharField(max_length=40, help_text="Plex's address of the title")
    guid = models.CharField(max_length=200, blank=True, db_index=True)
    external_ids = NamesField(help_text="imdb://…, tmdb://…")
    type = models.CharField(max_length=10)
    title = models.CharField(max_length=500)
    sort_title = models.CharField(max_length=500, blank=True, db_index=True)
    original_title = models.CharField(max_length=500, blank=True)
    edition = models.CharField(max_length=200, blank=True)
    year = models.IntegerField(null=True, blank=True, db_index=True)
    released_on = models.DateField(null=True, blank=True)
    summary = models.TextField(blank=True)
    runtime_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="of a series: one episode"
    )
    genres = NamesField()
    directors = NamesField()
    writers = NamesField()
    cast = NamesField()
    countries = NamesField()
    languages = NamesField(help_text="of the sound")
    collections = NamesField()
    labels = NamesField()
    studio = models.CharField(max_length=200, blank=True)
    content_rating = models.CharField(max_length=40, blank=True)
    content_age = models.PositiveSmallIntegerField(null=True, blank=True)
    audience_rating = models.FloatField(null=True, blank=True, help_text="0 to 10")
    critic_rating = models.FloatField(null=True, blank=True, help_text="0 to 10")
    season_count = models.PositiveIntegerField(null=True, blank=True)
    episode_count = models.PositiveIntegerField(null=True, blank=True)
    watched_episodes = models.PositiveIntegerField(default=0)
    view_count = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True, blank=True)
    view_offset = models.PositiveIntegerField(
        default=0, help_text="seconds, where it was left in the middle"
    )
    user_rating = models.FloatField(null=True, blank=True, help_text="0 to 10, the owner's in Plex")
    rated_at = models.DateTimeField(null=True, blank=True)
    thumb = models.CharField(max_length=300, blank=True)
    art = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(
        max_length=32, blank=True, help_text="of Plex's listing entry: same means unchanged"
    )
    available = models.BooleanField(default=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["MediaItem"]] = MediaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "title"
        constraints = [
            models.UniqueConstraint(fields=["library", "rating_key"], name="one_title_a_key")
        ]
        indexes = [
            models.Index(fields=["rating_key"]),
            models.Index(fields=["title"]),
            models.Index(fields=["available", "library"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    def facts(self) -> dict[str, Any]:
        """Return the title as a line of the catalogue interchange: what a model may know of it."""
        return {
            "id": str(self.pk),
            "title": self.title,
            "year": self.year,
            "type": self.type,
            "genres": self.genres,
            "runtime_minutes": self.runtime_minutes,
            "summary": self.summary,
            "directors": self.directors,
            "cast": self.cast,
            "content_rating": self.content_rating or None,
            "audience_rating": self.audience_rating,
            "critic_rating": self.critic_rating,
            "studio": self.studio or None,
            "countries": self.countries,
            "collections": self.collections,
        }

    @property
    def plex_url(self) -> str:
        """The title's page in Plex's web app."""
        return web_link(self.library.connection.machine_identifier, self.rating_key)

    @property
    def plex_app_url(self) -> str:
        """The title's page in the Plex app."""
        return app_link(self.library.connection.machine_identifier, self.rating_key, self.type)


class Episode(models.Model):
    """One episode of a series. Season 0 holds what is beside the story."""

    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="episodes")
    rating_key = models.CharField(max_length=40, db_index=True)
    season = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500, blank=True)
    runtime_minutes = models.PositiveIntegerField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["season", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "rating_key"], name="one_episode_a_key")
        ]
        indexes = [models.Index(fields=["item", "season", "number"])]

    def __str__(self) -> str:
        return f"S{self.season:02d}E{self.number:02d} {self.title}".strip()

    @property
    def plex_url(self) -> str:
        """The episode's page in Plex's web app."""
        return web_link(self.item.library.connection.machine_identifier, self.rating_key)

    @property
    def plex_app_url(self) -> str:
        """The episode's page in the Plex app."""
        server = self.item.library.connection.machine_identifier
        return app_link(server, self.rating_key, "episode")


def watched() -> Q:
    """What counts as seen by the connected account: a viewed film, a series to its last episode."""
    return Q(type="movie", view_count__gt=0) | Q(
        type="show", episode_count__gt=0, watched_episodes__gte=F("episode_count")
    )
