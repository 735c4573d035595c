"""The catalogue's rows: the connection to Plex, its libraries, the titles, and the viewers."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from moodrec.once import once
from moodrec.phrases import PhraseField
from moodrec.security.fields import EncryptedTextField
from plexsync.fields import NamesField, containing
from plexsync.links import app_link, web_link


class Connection(models.Model):
    """The household's one Plex Media Server and how we reach it."""

    class State(models.TextChoices):
        NEW = "new", _("not tried yet")
        OK = "ok", _("connected")
        UNREACHABLE = "unreachable", _("not reachable")
        DENIED = "denied", _("token refused")

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
    problem = PhraseField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    account_token = EncryptedTextField(
        blank=True, help_text="of the owner's plex.tv account; empty where a token was typed in"
    )
    account_id = models.BigIntegerField(
        null=True, blank=True, help_text="plex.tv's number of the owner's account"
    )
    addresses = models.JSONField(
        default=list, blank=True, help_text="every address that plex.tv knows of the server"
    )
    unverified = models.BooleanField(
        default=False, help_text="its certificate is accepted whatever it says"
    )
    hook_secret = EncryptedTextField(blank=True, help_text="the last part of the webhook's address")
    hinted_at = models.DateTimeField(
        null=True, blank=True, help_text="when Plex last hinted that somebody watched something"
    )
    history_read_to = models.DateTimeField(
        null=True, blank=True, help_text="the newest play read from the server's history"
    )
    write_stars = models.BooleanField(default=False, help_text="stars given here go to Plex")
    tonight_playlist = models.BooleanField(default=False)
    mood_playlists = models.BooleanField(default=False)
    mood_collections = models.BooleanField(default=False)

    class Meta:
        verbose_name = "Plex connection"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.url

    read_at: datetime | None = None
    """When one of its libraries was last read to the end; told of the `current` one."""

    @classmethod
    @once
    def current(cls) -> "Connection | None":
        libraries = Library.connected()
        if not libraries:
            return cls.objects.filter(active=True).first()
        row = libraries[0].connection
        row.read_at = max((each.swept_at for each in libraries if each.swept_at), default=None)
        return row

    def has_shelves(self) -> bool:
        """Tell whether something of ours stands in Plex."""
        return self.shelves.exclude(rating_key="").exists()


class Library(models.Model):
    """A section of the server that holds films or series."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="libraries")
    key = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    type = models.CharField(max_length=10, choices=[("movie", _("films")), ("show", _("series"))])
    enabled = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(
        default=0, help_text="rises whenever its titles changed: what was computed from them is old"
    )
    swept_at = models.DateTimeField(null=True, blank=True, help_text="last complete sync")
    held_since = models.DateTimeField(
        null=True, blank=True, help_text="when so many titles vanished that it was not believed"
    )
    held_count = models.PositiveIntegerField(default=0, help_text="how many titles that were")

    class Meta:
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(fields=["connection", "key"], name="one_library_a_key")
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    @once
    def connected(cls) -> "list[Library]":
        """Return the libraries of the connected server, switched off ones too."""
        rows = cls.objects.filter(connection__active=True).select_related("connection")
        return list(rows.order_by("pk"))

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


class ViewerQuerySet(models.QuerySet["Viewer"]):
    def speakable_by(self, user: User | AnonymousUser) -> "ViewerQuerySet":
        """The viewers for whom this user may give feedback: all for the owner, else oneself."""
        return self.all() if user.is_staff else self.filter(user__pk=user.pk or 0)


class Viewer(models.Model):
    """Somebody who watches here. With an account of their own, or without one."""

    class PlexKind(models.TextChoices):
        NONE = "", _("not in Plex")
        OWNER = "owner", _("owner of the server")
        HOME = "home", _("member of the Plex Home")
        MANAGED = "managed", _("managed user of the Plex Home")
        SHARED = "shared", _("friend the server is shared with")

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
    enabled = models.BooleanField(default=True, help_text="is offered when asking who watches")
    plex_id = models.BigIntegerField(
        null=True, blank=True, unique=True, help_text="plex.tv's number of the account"
    )
    plex_kind = models.CharField(
        max_length=10, choices=PlexKind.choices, default=PlexKind.NONE, blank=True
    )
    history_id = models.BigIntegerField(
        null=True, blank=True, help_text="the account's number in the server's history"
    )
    plex_token = EncryptedTextField(
        blank=True, help_text="for the server, as this account: reads what it has watched"
    )
    plex_problem = PhraseField(
        blank=True, help_text="why what this account has watched can't be read"
    )
    state_read_at = models.DateTimeField(null=True, blank=True)
    content_cap = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="age: nothing above it is shown where they are present"
    )
    pin = models.CharField(
        max_length=128, blank=True, help_text="hashed; asked for before anybody can be this viewer"
    )

    forgotten_to = models.DateTimeField(
        null=True, blank=True, help_text="what Plex tells of the time before was deleted for good"
    )

    objects = ViewerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_read_from_plex(self) -> bool:
        """Whether Plex is asked what they watch: by the connected account, their own, or its history."""
        known = self.owns_plex_state or self.plex_token or self.history_id is not None
        return self.enabled and bool(known)

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


class Sight(models.Model):
    """What a viewer's own Plex account may see on a server. No row: not known, or no account."""

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="sights")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sights")
    library_keys = models.JSONField(default=list, help_text="libraries that are shared with it")
    hidden = models.ManyToManyField(
        MediaItem, blank=True, help_text="titles of these that Plex keeps from it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["viewer", "connection"], name="one_sight_a_server")
        ]

    def __str__(self) -> str:
        return f"what {self.viewer} may see on {self.connection}"


class TitleState(models.Model):
    """What a viewer's own Plex account says of a title. No row: nothing.

    The connected account's is kept with the titles themselves.
    """

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="states")
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="states")
    view_count = models.PositiveIntegerField(default=0)
    watched_episodes = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True, blank=True)
    view_offset = models.PositiveIntegerField(default=0, help_text="seconds")
    user_rating = models.FloatField(null=True, blank=True, help_text="0 to 10")
    rated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["viewer", "item"], name="one_state_a_title")]

    def __str__(self) -> str:
        return f"{self.viewer} and {self.item}"


class WatchedEpisode(models.Model):
    """An episode that a viewer has watched, the connected account's viewer among them."""

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="watched_episodes")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="watched_by")
    last_viewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["viewer", "episode"], name="one_watched_episode")
        ]

    def __str__(self) -> str:
        return f"{self.viewer} watched {self.episode}"


class Play(models.Model):
    """A viewer watched a title, or an episode of it, to its end: by history or by a risen count."""

    class Source(models.TextChoices):
        HISTORY = "history", _("history")
        STATE = "state", _("watched state")

    viewer = models.ForeignKey(Viewer, on_delete=models.CASCADE, related_name="plays")
    item = models.ForeignKey(MediaItem, on_delete=models.CASCADE, related_name="plays")
    rating_key = models.CharField(max_length=40, help_text="of the film or the episode")
    played_at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    considered = models.BooleanField(
        default=False, help_text="whether the log was told what follows from it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "rating_key", "played_at"], name="one_play_a_moment"
            )
        ]
        indexes = [models.Index(fields=["considered", "played_at"])]

    def __str__(self) -> str:
        return f"{self.viewer} watched {self.item}"


class Shelf(models.Model):
    """A playlist or collection of ours in Plex, so that it is updated in place and removed."""

    class Kind(models.TextChoices):
        PLAYLIST = "playlist", _("playlist")
        COLLECTION = "collection", _("collection")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="shelves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    slug = models.CharField(max_length=40, help_text="tonight, or a mood")
    library = models.ForeignKey(
        Library, null=True, blank=True, on_delete=models.CASCADE, help_text="of a collection"
    )
    rating_key = models.CharField(max_length=40, blank=True, help_text="Plex's address of it")
    title = models.CharField(max_length=200)
    keys = models.JSONField(default=list, help_text="rating keys it holds, in order")
    problem = PhraseField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "shelves"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "slug"],
                condition=Q(library__isnull=True),
                name="one_shelf_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["connection", "kind", "slug", "library"],
                condition=Q(library__isnull=False),
                name="one_shelf_of_a_kind_a_library",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlexAccount(models.Model):
    """The plex.tv account that signs this user in: known by its number, never by name or address."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plex_account"
    )
    plex_id = models.BigIntegerField(unique=True)
    username = models.CharField(max_length=200)
    checked_at = models.DateTimeField(help_text="when its access to the server was last seen")
    lost_at = models.DateTimeField(
        null=True, blank=True, help_text="when its access had ended, which closed the user"
    )

    def __str__(self) -> str:
        return self.username


def watched() -> Q:
    """What counts as seen by the connected account: a viewed film, a series to its last episode."""
    return Q(type="movie", view_count__gt=0) | Q(
        type="show", episode_count__gt=0, watched_episodes__gte=F("episode_count")
    )
