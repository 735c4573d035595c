"""Who may open a page of the install's inner workings."""

from typing import Any

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied


def _owner_only(user: Any) -> bool:
    if not user.is_staff:
        raise PermissionDenied
    return True


owner_only = user_passes_test(_owner_only)
