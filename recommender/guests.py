"""The host's side of an evening with guests: invite them, see them arrive, say goodbye."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HTMX_STOP_POLLING

from moodrec.calling import by_htmx, user_of
from moodrec.security.hosts import is_itself
from recommender import gatherings
from recommender.models import Gathering, Guest
from recommender.wishes import Wish

_KEY = "invitation"  # in the host's session: the last part of the link, which is stored only hashed


@dataclass(frozen=True, slots=True)
class Party:
    """An evening's guests as the host's page shows them."""

    gathering: Gathering | None
    guests: tuple[Guest, ...] = ()
    address: str = ""
    """The link that invites; "" where another device holds it."""
    unreachable: bool = False
    """Whether a guest's phone finds nothing at this address, for it means the phone itself."""

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return gatherings.wishes(self.guests)

    @property
    def rows(self) -> list[tuple[Guest, Wish]]:
        return list(zip(self.guests, self.wishes, strict=True))

    @property
    def seen(self) -> str:
        """What changes when a guest comes or wishes for something else."""
        last = max((guest.here_at for guest in self.guests), default=None)
        return f"{len(self.guests)}-{last.timestamp()}" if last else "0"


def party(request: HttpRequest) -> Party:
    """Return the evening that the user has guests at."""
    going_on, guests = gatherings.with_guests(request.user)
    if going_on is None:
        return Party(None)
    token = request.session.get(_KEY, {}).get(str(going_on.pk), "")
    address = request.build_absolute_uri(reverse("join", args=[token])) if token else ""
    return Party(going_on, guests, address, is_itself(request.get_host()))


@never_cache
@require_GET
def guests(request: HttpRequest) -> HttpResponse:
    """Show who has come; nothing where the page knows that already."""
    now = party(request)
    if not by_htmx(request):
        return redirect("tonight")
    if now.gathering and request.GET.get("seen") == now.seen:
        return HttpResponse(status=204)
    status = 200 if now.gathering else HTMX_STOP_POLLING
    return render(request, "recommender/_guests.html", {"party": now}, status=status)


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Open the evening for guests and show its link."""
    if user := user_of(request):
        token = gatherings.invite(user)
        going_on = gatherings.hosted_by(user)
        request.session[_KEY] = {str(going_on.pk): token} if going_on else {}
    return _shown(request)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the evening: the link leads nowhere any more, and the guests' wishes count no more."""
    gatherings.end(request.user)
    request.session.pop(_KEY, None)
    return _shown(request)


def _shown(request: HttpRequest) -> HttpResponse:
    if by_htmx(request):
        return render(request, "recommender/_guests.html", {"party": party(request)})
    return redirect(f"{reverse('tonight')}#guests")
