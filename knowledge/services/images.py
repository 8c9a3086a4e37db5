"""Pictures of articles: what is taken, told by its content, and where it is put."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.oneline import one_line
from knowledge.models import Article, Image
from knowledge.permissions import can_write
from knowledge.services.errors import NotAllowed, RefusedImage

LARGEST = 5 * 1024 * 1024
MOST_IMAGES = 40
# By their first bytes. SVG is left out: it can hold scripts.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)
ACCEPTED = ("image/png", "image/jpeg", "image/gif", "image/webp")


def add_image(*, article: Article, file: UploadedFile[Any], by: Membership, at: datetime) -> Image:
    """Keep a picture for use in the article's texts. Raises NotAllowed, RefusedImage."""
    if not can_write(by, article.tenant_id):
        raise NotAllowed
    media_type = checked_image(file)
    name = one_line((file.name or "").replace("\\", "/").rpartition("/")[2])[:200] or "image"
    image = Image(tenant_id=article.tenant_id, name=name, size=file.size or 0, media_type=media_type)
    image.by, image.at = by, at
    try:
        with transaction.atomic():
            image.article = Article.objects.select_for_update().get(pk=article.pk)
            if image.article.images.count() >= MOST_IMAGES:
                raise RefusedImage(_("An article has at most %(most)d images.") % {"most": MOST_IMAGES})
            image.file.save(name, file, save=False)
            image.save()
    except BaseException:  # a rolled back transaction knows of no file
        if image.file.name:
            default_storage.delete(image.file.name)
        raise
    return image


def checked_image(file: UploadedFile[Any]) -> str:
    """The media type of a picture that is taken. Raises RefusedImage."""
    if (file.size or 0) > LARGEST:
        raise RefusedImage(
            _("The image is too large: %(size)s. The limit is %(limit)s.")
            % {"size": filesizeformat(file.size or 0), "limit": filesizeformat(LARGEST)}
        )
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    for mark, place, media_type in _BEGINNINGS:
        if head[place : place + len(mark)] == mark:
            return media_type
    raise RefusedImage(_("This is none of the images that are taken: PNG, JPEG, GIF, WebP."))
