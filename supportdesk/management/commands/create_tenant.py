"""`manage.py create_tenant`: open a desk for a support provider, with a preset and its first owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.links import absolute_url, desk_path
from accounts.models import Membership, Tenant
from accounts.services import add_owner, create_tenant, invitation_token
from sla.presets import Preset, PresetError, apply_preset, load_preset, preset_names


class Command(BaseCommand):
    """Everything is made in one transaction: a desk stands whole or not at all."""

    help = "Open a desk: its tenant, the calendars, plans and categories of a preset, and its first owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="Address of the desk: /t/<slug>/")
        parser.add_argument("--name", required=True, help="Name of the support provider")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Address of the first owner")
        parser.add_argument("--owner-name", default="", help="Name of the first owner")
        parser.add_argument("--preset", default="blank", help=f"One of: {', '.join(preset_names())}")
        parser.add_argument("--language", help="en or es; the preset's if left out")
        parser.add_argument("--time-zone", help="IANA name; the preset's if left out")
        parser.add_argument("--prefix", help="Of ticket numbers, in capitals; the preset's if left out")
        parser.add_argument("--host", help="Own host name of the desk, support.example.com")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            preset = load_preset(options["preset"])
            tenant = self._wanted(options, preset)
            owner = open_desk(tenant, preset, options["owner"], options["owner_name"])
        except PresetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(_one_line(error)) from error
        link = absolute_url(tenant, desk_path("accept_invitation", invitation_token(owner)))
        self.stdout.write(f"The desk {tenant.name} stands at {absolute_url(tenant, '/')}")
        self.stdout.write(f"Invitation of its owner {owner.user.email}, valid for 14 days: {link}")

    def _wanted(self, options: dict[str, Any], preset: Preset) -> Tenant:
        """The desk as asked for, checked and not yet saved. Raises ValidationError."""
        validate_email(options["owner"])
        tenant = Tenant(
            slug=options["slug"],
            name=options["name"].strip(),
            host=(options["host"] or "").lower() or None,
            ticket_prefix=options["prefix"] or preset.ticket_prefix,
            language=options["language"] or preset.language,
            time_zone=options["time_zone"] or preset.time_zone,
        )
        tenant.full_clean()
        return tenant


@transaction.atomic
def open_desk(wanted: Tenant, preset: Preset, owner_email: str, owner_name: str) -> Membership:
    """Save the desk, fill it, invite its owner."""
    now = timezone.now()
    tenant = create_tenant(
        slug=wanted.slug,
        name=wanted.name,
        ticket_prefix=wanted.ticket_prefix,
        language=wanted.language,
        time_zone=wanted.time_zone,
        at=now,
    )
    if wanted.host:
        tenant.host = wanted.host
        tenant.save(update_fields=["host"])
    apply_preset(tenant=tenant, preset=preset, at=now)
    return add_owner(tenant=tenant, email=owner_email, name=owner_name or owner_email, at=now)


def _one_line(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return "--owner: " + " ".join(error.messages)
    options = {"ticket_prefix": "prefix", "time_zone": "time-zone"}
    return " ".join(
        f"--{options.get(field, field)}: {' '.join(messages)}"
        for field, messages in error.message_dict.items()
    )
