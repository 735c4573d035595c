"""The catalogue's rows: the connection to Plex, its libraries, the titles, and the viewers."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from moodrec.security.fields import EncryptedTextField
from plexsync.fields import NamesField, containing


class Connection(models.Model):
    """The household's one Plex Media Server and how we reach it."""

    class State(models.TextChoices):
        NEW = "new", "not tried yet"
        OK = "ok", "connected"
        UNREACHABLE = "unreachable", "not reachable"
        DENIED = "denied", "token refused"

    name = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500)
    token = EncryptedTextField(blank=True)
    machine_identifier = models.CharField(max_length=100, blank=True)
    client_identifier = models.CharField(max_length=64)
    active = models.BooleanField(
        default=True, help_text="the server in use; others are kept as memory"
    )
    is_demo = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    problem = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "Plex connection"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.url

    @classmethod
    def current(cls) -> "Connection | None":
        return cls.objects.filter(active=True).first()


class Library(models.Model):
    """A section of the server that holds films or series."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="libraries")
    key = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    type = models.CharField(max_length=10, choices=[("movie", "films"), ("show", "series")])
    enabled = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(
        default=0, help_text="rises whenever its titles changed: what was computed from them is old"
    )
    swept_at = models.DateTimeField(null=True, blank=True, help_text="last complete sync")

    class Meta:
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(fields=["connection", "key"], name="one_library_a_key")
        ]

    def __str__(self) -> str:
        return self.title

    def touch(self) -> None:
        """Tell everybody who computed something from this library's titles that it is old now."""
        Library.objects.filter(pk=self.pk).update(revision=F("revision") + 1)


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
    user_rating = models.FloatField(null=True, blank=True, help_text="0 to 10, the owner's in Plex")
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
        server = self.library.connection.machine_identifier
        key = f"%2Flibrary%2Fmetadata%2F{self.rating_key}"
        return f"https://app.plex.tv/desktop/#!/server/{server}/details?key={key}"


class ViewerQuerySet(models.QuerySet["Viewer"]):
    def speakable_by(self, user: User | AnonymousUser) -> "ViewerQuerySet":
        """The viewers for whom this user may give feedback: all for the owner, else oneself."""
        return self.all() if user.is_staff else self.filter(user__pk=user.pk or 0)


class Viewer(models.Model):
    """Somebody who watches here. With an account of their own, or without one."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="viewer",
    )
    owns_plex_state = models.BooleanField(
        default=False, help_text="what the connected Plex account has watched, this viewer has"
    )
    is_demo = models.BooleanField(default=False)

    objects = ViewerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add(cls, name: str, *, user: User | None = None, **fields: bool) -> "Viewer":
        """Store a new viewer under a slug that nobody has yet. An account's name may be too long."""
        name = name[:80]
        base = slugify(name)[:70] or "viewer"
        taken = set(cls.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        slug = next(
            s for n in range(len(taken) + 1) if (s := f"{base}-{n}" if n else base) not in taken
        )
        return cls.objects.create(name=name, slug=slug, user=user, **fields)


def watched() -> Q:
    """What counts as seen by the connected account: a viewed film, a series to its last episode."""
    return Q(type="movie", view_count__gt=0) | Q(
        type="show", episode_count__gt=0, watched_episodes__gte=F("episode_count")
    )
