"""Intentions about sections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import archiving
from accounts.models import Language, Membership
from accounts.oneline import one_line
from knowledge.models import Section
from knowledge.permissions import can_arrange
from knowledge.services.errors import EditedMeanwhile, NameMissing, NotAllowed


@transaction.atomic
def create_section(
    *,
    tenant_id: int,
    names: Mapping[str, str],
    descriptions: Mapping[str, str] | None = None,
    position: int = 0,
    by: Membership | None,
    at: datetime,
) -> Section:
    """A section; lower positions stand first. `names` and `descriptions` are by language.

    `by` is None only where a preset makes a desk. Raises NotAllowed, NameMissing.
    """
    if by is not None and not can_arrange(by, tenant_id):
        raise NotAllowed
    section = Section(tenant_id=tenant_id, position=position)
    _name(section, names, descriptions or {})
    section.save()
    return section


@transaction.atomic
def change_section(
    *,
    section: Section,
    seen_version: int,
    names: Mapping[str, str],
    descriptions: Mapping[str, str],
    position: int,
    by: Membership,
    at: datetime,
) -> Section:
    """Rename, describe or move it. Raises NotAllowed, EditedMeanwhile, NameMissing."""
    section = _lock(section, by)
    if section.version != seen_version:
        raise EditedMeanwhile(str(section), section.version)
    _name(section, names, descriptions)
    section.position = position
    section.version += 1
    section.save()
    return section


@transaction.atomic
def archive_section(*, section: Section, by: Membership, at: datetime) -> Section:
    """Show it, and with it its articles, to readers no more. Raises NotAllowed."""
    section = _lock(section, by)
    archiving.archive(section, at=at)
    return section


@transaction.atomic
def restore_section(*, section: Section, by: Membership, at: datetime) -> Section:
    """Show it again, with the articles that stand in it. Raises NotAllowed."""
    section = _lock(section, by)
    archiving.restore(section)
    return section


def _lock(section: Section, by: Membership) -> Section:
    if not can_arrange(by, section.tenant_id):
        raise NotAllowed
    return Section.objects.select_for_update().get(pk=section.pk)


def _name(section: Section, names: Mapping[str, str], descriptions: Mapping[str, str]) -> None:
    section.names = _by_language(names)
    section.descriptions = _by_language(descriptions)
    if not section.names:
        raise NameMissing


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    said = {code: one_line(texts.get(code, "")) for code in Language.values}
    return {code: text for code, text in said.items() if text}
