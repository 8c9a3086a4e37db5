"""How a desk looks and speaks, as its admins decide it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.colour import read_colour
from accounts.logos import RefusedLogo, draw_logo
from accounts.models import Accent, Language, Logo, LogoUse, Membership, Tenant
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, NotAllowed, RefusedLook

COLOUR = ("accent", "own_colour")
WORDS = ("sender_name", "greeting", "shows_hours", "hours_text")
LANGUAGES = ("languages", "language")
LOGO_FIELDS = {LogoUse.LIGHT: "logo", LogoUse.DARK: "logo_dark"}
LONGEST_LINE = 200


def look_state(tenant: Tenant, fields: Sequence[str]) -> str:
    """A short mark of some settings as they are: two edits at once are told apart by it."""
    values = json.dumps([getattr(tenant, field) for field in fields], sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


@transaction.atomic
def change_colour(
    *, tenant: Tenant, accent: str, own_colour: str, seen_state: str | None, by: Membership, at: datetime
) -> Tenant:
    """Take one of the accents, or with `own_colour` ("#rrggbb", else empty) a colour of one's own.

    Pages use the nearest shades of it that are read well (`accounts.colour`). `seen_state` is the
    `look_state` of COLOUR that was shown, None for whatever it is. Raises NotAllowed, EditedMeanwhile,
    RefusedLook.
    """
    tenant = _locked(tenant, by, COLOUR, seen_state)
    colour = read_colour(own_colour) if own_colour else ""
    if colour is None or accent not in Accent.values:
        raise RefusedLook("own_colour" if colour is None else "accent")
    tenant.accent, tenant.own_colour = accent, colour
    return _saved(tenant, COLOUR, at)


@transaction.atomic
def change_words(
    *,
    tenant: Tenant,
    sender_name: str,
    greeting: Mapping[str, str],
    shows_hours: bool,
    hours_text: Mapping[str, str],
    seen_state: str | None,
    by: Membership,
    at: datetime,
) -> Tenant:
    """Set whom mails come from (empty: the desk's name), the line that greets customers, and the one that
    says when the desk is open (empty: its calendar in words), both by language.

    Raises NotAllowed, EditedMeanwhile.
    """
    tenant = _locked(tenant, by, WORDS, seen_state)
    tenant.sender_name, tenant.shows_hours = one_line(sender_name), shows_hours
    tenant.greeting, tenant.hours_text = _by_language(greeting), _by_language(hours_text)
    return _saved(tenant, WORDS, at)


@transaction.atomic
def change_languages(
    *,
    tenant: Tenant,
    languages: Sequence[str],
    language: str,
    seen_state: str | None,
    by: Membership,
    at: datetime,
) -> Tenant:
    """Set the languages that the desk speaks, and which of them to people who did not choose.

    Whoever chose another one for themselves keeps that choice for other desks. Raises NotAllowed,
    EditedMeanwhile, RefusedLook.
    """
    tenant = _locked(tenant, by, LANGUAGES, seen_state)
    offered = [code for code in Language.values if code in set(languages)]
    if not offered:
        raise RefusedLook("languages")
    if language not in offered:
        raise RefusedLook("language")
    tenant.languages, tenant.language = offered, language
    return _saved(tenant, LANGUAGES, at)


@transaction.atomic
def change_look(*, tenant: Tenant, by: Membership, at: datetime, changes: Mapping[str, Any]) -> Tenant:
    """Change some of the settings of the three functions above at once, by name; all others stay.

    Raises NotAllowed, RefusedLook.
    """
    tenant = _locked(tenant, by)
    for fields, change in ((COLOUR, change_colour), (WORDS, change_words), (LANGUAGES, change_languages)):
        if set(fields) & set(changes):
            values = {field: changes.get(field, getattr(tenant, field)) for field in fields}
            tenant = change(tenant=tenant, seen_state=None, by=by, at=at, **values)
    return tenant


def set_logo(*, tenant: Tenant, use: LogoUse, image: bytes, by: Membership, at: datetime) -> Logo:
    """Take a logo in place of the one before; what is kept is drawn anew.

    The one for dark pages comes second. Raises NotAllowed, RefusedLogo.
    """
    if not _may(by, tenant):
        raise NotAllowed
    drawn = draw_logo(image)
    with transaction.atomic():
        tenant = _locked(tenant, by)
        if use == LogoUse.DARK and not tenant.logo:
            raise RefusedLogo(_("Upload the logo for all pages first."))
        logo = Logo.objects.filter(tenant=tenant, use=use).first() or Logo(tenant=tenant, use=use)
        logo.png, logo.mark, logo.by, logo.at = drawn.png, drawn.mark, by, at
        logo.save()
        setattr(tenant, LOGO_FIELDS[use], drawn.mark)
        _saved(tenant, [LOGO_FIELDS[use]], at)
        return logo


@transaction.atomic
def remove_logo(*, tenant: Tenant, use: LogoUse, by: Membership, at: datetime) -> None:
    """The desk's name stands there again; without the one for all pages none is left for dark ones.

    Removing what is not there is no error. Raises NotAllowed.
    """
    tenant = _locked(tenant, by)
    gone = [use] if use == LogoUse.DARK else list(LogoUse)
    for logo in Logo.objects.filter(tenant=tenant, use__in=gone):
        logo.delete()
    for one in gone:
        setattr(tenant, LOGO_FIELDS[one], "")
    _saved(tenant, [LOGO_FIELDS[one] for one in gone], at)


def _saved(tenant: Tenant, fields: Sequence[str], at: datetime) -> Tenant:
    """Whoever changes the look has looked at it: that step of the set-up is done."""
    confirmed = [] if tenant.look_confirmed_at else ["look_confirmed_at"]
    tenant.look_confirmed_at = tenant.look_confirmed_at or at
    tenant.save(update_fields=[*fields, *confirmed])
    return tenant


def _may(by: Membership, tenant: Tenant) -> bool:
    return by.is_admin and by.tenant_id == tenant.pk


def _locked(
    tenant: Tenant, by: Membership, fields: Sequence[str] = (), seen_state: str | None = None
) -> Tenant:
    if not _may(by, tenant):
        raise NotAllowed
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    if seen_state is not None and look_state(locked, fields) != seen_state:
        raise EditedMeanwhile(locked.name)
    return locked


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    said = {code: one_line(texts.get(code, ""))[:LONGEST_LINE] for code in Language.values}
    return {code: text for code, text in said.items() if text}
