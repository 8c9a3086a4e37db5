"""Opening a desk: by an operator's page and by command alike, with a preset or with nothing in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Language, Membership, Tenant
from accounts.services import add_owner, create_tenant
from accounts.tenancy import tenant_scope
from sla.models import Plan
from sla.presets import apply_preset
from sla.presets.terms import Preset
from sla.services.errors import NameTaken, NotAllowed, PromiseRuleBroken
from tickets.services.categories import CategoryNameTaken

USUAL_PREFIX = "DESK"
_LONGEST_PREFIX = 10


@dataclass(frozen=True)
class NewDesk:
    """What an operator says of a new desk. What is left empty comes from the preset, or is ours."""

    slug: str
    name: str
    owner_email: str
    owner_name: str = ""
    preset: Preset | None = None
    language: str = ""
    time_zone: str = ""
    ticket_prefix: str = ""
    host: str = ""


class HasPlans(PromiseRuleBroken):
    """A desk takes a preset on as long as it has no plan, not even an archived one."""

    code = "has_plans"
    field = "preset"

    def words(self) -> str:
        return _("This desk has a plan already, so a preset would come on top of it.")


class PresetDoesNotFit(PromiseRuleBroken):
    """Something in the desk has a name that the preset brings along."""

    code = "preset_does_not_fit"
    field = "preset"

    def words(self) -> str:
        return _("The desk has a calendar, category or section already of a name that this preset brings.")


@transaction.atomic
def open_desk(wanted: NewDesk, *, at: datetime) -> Membership:
    """Make the desk, fill it from its preset, and invite its owner, who comes back; all of it or nothing.

    The console leads the owner through the set-up. Raises ValidationError, by the names of `NewDesk`.
    """
    checked = _checked(wanted)
    try:
        with transaction.atomic():
            tenant = create_tenant(
                slug=checked.slug,
                name=checked.name,
                ticket_prefix=checked.ticket_prefix,
                language=checked.language,
                time_zone=checked.time_zone,
                at=at,
            )
            tenant.host, tenant.setup_since = checked.host, at
            tenant.save(update_fields=["host", "setup_since"])
    except IntegrityError as error:  # somebody was quicker
        raise ValidationError({"slug": _("Another desk has this address.")}) from error
    if wanted.preset is not None:
        apply_preset(tenant=tenant, preset=wanted.preset, at=at)
    name = wanted.owner_name or wanted.owner_email
    return add_owner(tenant=tenant, email=wanted.owner_email, name=name, at=at)


def _checked(wanted: NewDesk) -> Tenant:
    """The desk as asked for, not saved. Raises ValidationError."""
    preset = wanted.preset
    tenant = Tenant(
        slug=wanted.slug,
        name=wanted.name.strip(),
        host=wanted.host.lower() or None,
        ticket_prefix=wanted.ticket_prefix or (preset.ticket_prefix if preset else prefix_from(wanted.slug)),
        language=wanted.language or (preset.language if preset else Language.ENGLISH),
        time_zone=wanted.time_zone or (preset.time_zone if preset else "UTC"),
    )
    errors = {}
    try:
        validate_email(wanted.owner_email)
    except ValidationError as error:
        errors["owner_email"] = error.messages
    try:
        tenant.full_clean()
    except ValidationError as error:
        errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    return tenant


def prefix_from(slug: str) -> str:
    """What stands before the ticket numbers of a desk to which nobody gave a prefix: ACME of acme-support."""
    first = re.sub(r"^[^A-Z]+", "", slug.upper()).partition("-")[0].replace("_", "")
    return first[:_LONGEST_PREFIX] if len(first) > 1 else USUAL_PREFIX


@transaction.atomic
def begin_with_preset(*, tenant: Tenant, preset: Preset, by: Membership, at: datetime) -> dict[str, Plan]:
    """Give a desk that stands already, but has no plan yet, what a preset holds; its plans come back.

    Language, zone and ticket prefix stay as they are. Raises NotAllowed, HasPlans, PresetDoesNotFit.
    """
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    with tenant_scope(tenant.pk):
        tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
        if Plan.objects.filter(tenant_id=tenant.pk).exists():
            raise HasPlans
    try:
        with transaction.atomic():
            return apply_preset(tenant=tenant, preset=preset, at=at)
    except (NameTaken, CategoryNameTaken) as error:
        raise PresetDoesNotFit from error
