"""The connection to Plex, its libraries, and what of ours stands in them."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from moodrec.once import once
from moodrec.phrases import PhraseField
from moodrec.security.fields import EncryptedTextField


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
    shelf_language = models.CharField(
        max_length=10, default="en", help_text="in which our lists there are named"
    )

    class Meta:
        verbose_name = "Plex connection"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.url

    def in_shelf_language(self) -> override:
        """Speak, within this block, the language in which our lists in Plex are named."""
        return override(self.shelf_language)

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
