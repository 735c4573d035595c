"""What the admin must not show: API keys and one-time links exist as digests only, and stay unseen."""

import knox.admin  # noqa: F401 (registers the keys; after this import it does not again)
from django.contrib import admin
from knox.models import AuthToken

admin.site.unregister(AuthToken)  # its lists, addresses and history would carry the digest
