"""The developer's error page, without what a household would mind to show to a stranger."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from moodrec.security.redaction import redact


class NoSecretsFilter(SafeExceptionReporterFilter):
    """Shows of each variable its kind and of each sent value nothing: any may hold a token."""

    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|_URL", flags=re.IGNORECASE
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        """Hide in DEBUG too, which is the only time that the page is shown."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST if request else (), self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        return {name: type(value) for name, value in tb_frame.f_locals.items()}.items()


class RedactingReporter(ExceptionReporter):
    """Blanks what looks like a secret in the text of errors, as the logs do."""

    def get_traceback_html(self) -> SafeString:
        return SafeString(redact(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(redact(super().get_traceback_text()))
