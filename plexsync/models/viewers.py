"""The viewers: who they are, what Plex shows them, and what they did in Plex."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from moodrec.phrases import PhraseField
from moodrec.security.fields import EncryptedTextField
from plexsync.models.server import Connection
from plexsync.models.titles import Episode, MediaItem


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
