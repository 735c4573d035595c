"""Links that open a title in Plex: its web app, or the app on the device at hand."""

from urllib.parse import quote, urlencode

from django.conf import settings

_NUMBERS = {"movie": 1, "show": 2, "episode": 4}  # Plex's numbers of the kinds


def web_link(machine_identifier: str, rating_key: str) -> str:
    """Return the title's page in Plex's web app; works on every device."""
    key = quote(f"/library/metadata/{rating_key}", safe="")
    return f"{settings.PLEX_APP_URL}/desktop/#!/server/{machine_identifier}/details?key={key}"


def app_link(machine_identifier: str, rating_key: str, kind: str) -> str:
    """Return the title's page in the Plex app; does nothing where the app is not installed."""
    told = {
        "metadataKey": f"/library/metadata/{rating_key}",
        "metadataType": _NUMBERS[kind],
        "server": machine_identifier,
    }
    return f"plex://preplay/?{urlencode(told)}"
