"""`{% qr address %}`: an address as a QR code that a phone's camera opens."""

from typing import Any

import segno
from django import template

register = template.Library()
QUIET = 4  # modules of light around it, or cameras miss it


@register.inclusion_tag("_qr.html")
def qr(address: str) -> dict[str, Any]:
    """Draw the address: dark on light in both themes, as cameras expect."""
    rows = segno.make(address, error="m", micro=False).matrix
    dark = ((x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell)
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for x, y in dark)
    return {"path": path, "size": len(rows) + 2 * QUIET, "address": address}
