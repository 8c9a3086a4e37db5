"""Logos: what is taken, told by reading the whole picture, and the PNG that is kept of it.

Whatever was sent is decoded and written anew, so that nothing but its pixels is ever served: no scripts, no
second file behind the first, no place where a photograph was taken. SVG is not taken, since it is a document
that can act. Nothing here touches the database.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 2 * 1024 * 1024
"""Bytes of a file that is sent."""
MOST_PIXELS = 16_000_000
"""Of a picture that is decoded: a small file may unfold into one that fills the memory."""
WIDEST, HIGHEST = 480, 160
"""Pixels of what is kept: twice the size at which it stands on a page, for fine screens."""
FORMATS = ("PNG", "JPEG", "WEBP")
ACCEPTED = "image/png,image/jpeg,image/webp"


class RefusedLogo(ValueError):
    """A file that is not taken, with the reason in words for whoever sent it."""


@dataclass(frozen=True)
class Drawn:
    """A logo as it is kept. `mark` stands in its address, so that another picture has another one."""

    png: bytes
    mark: str


def draw_logo(sent: bytes) -> Drawn:
    """Read a picture and write it anew, no larger than a page shows it. Raises RefusedLogo."""
    if len(sent) > LARGEST:
        raise RefusedLogo(
            _("The image is too large: %(size)s. The limit is %(limit)s.")
            % {"size": filesizeformat(len(sent)), "limit": filesizeformat(LARGEST)}
        )
    picture = _decoded(sent)
    picture.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    png = written.getvalue()
    return Drawn(png, f"{picture.width}x{picture.height}-{hashlib.sha256(png).hexdigest()[:12]}")


def _decoded(sent: bytes) -> Image.Image:
    """The pixels, upright, with their transparency and nothing else. Raises RefusedLogo."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(sent), formats=FORMATS) as opened:
            warnings.simplefilter("ignore")
            if opened.width * opened.height > MOST_PIXELS:
                raise RefusedLogo(_("The image has too many pixels. 1000 across is more than enough."))
            upright = ImageOps.exif_transpose(opened)
            return _trimmed(upright.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, RefusedLogo):
            raise
        if sent.lstrip()[:200].lower().find(b"<svg") >= 0:
            words = _("SVG is not taken: it can hold scripts. Save the logo as PNG, 480 pixels wide.")
        else:
            words = _("This is none of the images that are taken: PNG, JPEG, WebP.")
        raise RefusedLogo(words) from error


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without an empty border, which would leave the logo small in its place. Raises RefusedLogo."""
    box = picture.getchannel("A").getbbox()
    if box is None:
        raise RefusedLogo(_("The image is empty: every part of it is transparent."))
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    return clean.crop(box)
