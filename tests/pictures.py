"""Pictures that tests upload, and a desk that wears a logo and a colour of its own."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from accounts.models import LogoUse
from accounts.services import look
from tests.factories import Desk


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 300), **options: Any) -> bytes:
    """A red field with a transparent border, where the format has transparency."""
    drawn = Image.new("RGBA", size)
    drawn.paste((200, 0, 0, 255), (10, 10, size[0] - 10, size[1] - 10))
    written = io.BytesIO()
    drawn.convert("RGB" if kind == "JPEG" else "RGBA").save(written, kind, **options)
    return written.getvalue()


def dress(desk: Desk, colour: str = "#ffcc00") -> None:
    """Both logos and an own colour; call inside the desk's scope."""
    now = timezone.now()
    for use in LogoUse:
        look.set_logo(tenant=desk.tenant, use=use, image=picture(), by=desk.admin, at=now)
    look.change_colour(
        tenant=desk.tenant, accent="indigo", own_colour=colour, seen_state=None, by=desk.admin, at=now
    )
    desk.tenant.refresh_from_db()
