"""Let somebody of the household sign in on their own phone, and take that back."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from moodrec import accounts
from moodrec.notices import undoable
from moodrec.security.hosts import is_itself
from moodrec.security.models import LIFETIME, OneTimeLink
from plexsync.models import PlexAccount, Viewer
from plexsync.pages.access import owner_only
from plexsync.pages.person import back


@owner_only
@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link that signs somebody in, once; they get an account of their own by it."""
    viewer = get_object_or_404(Viewer.objects.select_related("user"), pk=pk)
    user = accounts.of_viewer(viewer)
    if not user.is_active:
        messages.error(request, _("That account is closed. Open it again first."))
        return redirect("person", pk=pk)
    OneTimeLink.objects.filter(user=user, used_at=None).delete()  # of two links the first is lost
    address = request.build_absolute_uri(reverse("welcome", args=[OneTimeLink.create_token(user)]))
    context = {
        "viewer": viewer,
        "address": address,
        "until": timezone.now() + LIFETIME - timedelta(minutes=1),
        "is_local": is_itself(request.get_host()),
    }
    return render(request, "plexsync/invited.html", context)


@owner_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out everywhere and let them in no more; nothing they said is lost."""
    viewer, user = _theirs(pk)
    if user.is_staff:
        messages.error(request, _("An owner’s account stays open: somebody must hold the keys."))
        return redirect("person", pk=pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    PlexAccount.objects.filter(user=user).update(lost_at=None)  # it is not Plex that closed it
    OneTimeLink.objects.filter(user=user).delete()
    said = _("%(name)s can’t sign in any more.") % {"name": viewer.name}
    undoable(request, said, reverse("person-open", args=[pk]))
    return back(request)


@owner_only
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    viewer, user = _theirs(pk)
    User.objects.filter(pk=user.pk).update(is_active=True)
    messages.success(request, _("%(name)s can sign in again.") % {"name": viewer.name})
    return back(request)


def _theirs(pk: int) -> tuple[Viewer, User]:
    """Return somebody who has an account, and the account. Raises Http404."""
    viewer = get_object_or_404(Viewer, pk=pk, user__isnull=False)
    return viewer, get_object_or_404(User, pk=viewer.user_id)
