"""Images that stand in articles."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from knowledge.models.articles import Article
from knowledge.querysets import ImageQuerySet


def image_path(image: Image, filename: str) -> str:
    """Where it lies: by tenant and unguessable id, never by the name that it came with."""
    return f"articles/{image.tenant_id}/{image.pk}"


class Image(TenantModel):
    """A picture of an article; its media type was read from its content, not from its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = TenantForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(upload_to=image_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    by = TenantForeignKey(Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    article_id: int
    objects: ClassVar = ImageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["article"], name="image_of_article")]

    def __str__(self) -> str:
        return self.name

    @property
    def markdown(self) -> str:
        """What an author writes where it shall stand."""
        stem = self.name.rpartition(".")[0] or self.name
        return f"![{stem.translate(_UNMARKED)}](image:{self.pk})"


_UNMARKED = str.maketrans("", "", "[]()\\")
