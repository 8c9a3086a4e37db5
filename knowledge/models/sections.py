"""The sections of the knowledge base."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantModel


class Section(TenantModel):
    """Articles that stand together; its name and description are kept by language: {"en": …, "es": …}."""

    names = models.JSONField(_("names"), default=dict)
    descriptions = models.JSONField(_("descriptions"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(names={}), name="section_has_a_name")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "position", "id"], name="section_in_order")]

    def __str__(self) -> str:
        return self.name_in("")

    def name_in(self, language: str) -> str:
        """Its name in that language, or in the first that it has one in."""
        return str(self.names.get(language) or next(iter(self.names.values()), ""))

    def description_in(self, language: str) -> str:
        """What stands below its name; the language is that of the name."""
        if self.names.get(language):
            return str(self.descriptions.get(language, ""))
        return str(next(iter(self.descriptions.values()), ""))
