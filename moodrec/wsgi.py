"""What gunicorn serves, at the root or under BASE_PATH."""

import os
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodrec.settings")
_application = get_wsgi_application()


@cache
def _warm() -> None:
    """Begin once in each process, with its first request: of threads, a fork takes none along."""
    from recommender import warming  # noqa: PLC0415 (its models need Django set up)

    warming.begin()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serve a request whether or not the proxy in front took the sub-path off its address."""
    from django.conf import settings  # noqa: PLC0415 (read once Django is set up)

    _warm()
    base: str = settings.BASE_PATH
    asked = environ.get("PATH_INFO", "")
    if base and (asked == base or asked.startswith(f"{base}/")):
        environ["PATH_INFO"] = asked.removeprefix(base) or "/"
    return _application(environ, start_response)
