"""`manage.py create_tenant`: open a desk for a support provider, with a preset and its first owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.links import absolute_url, desk_path
from accounts.services import invitation_token
from sla.presets import PresetError, load_preset, preset_names
from sla.presets.opening import NewDesk, open_desk

BLANK = "blank"


class Command(BaseCommand):
    """Everything is made in one transaction: a desk stands whole or not at all."""

    help = "Open a desk: its tenant, the calendars, plans and categories of a preset, and its first owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        presets = ", ".join([BLANK, *preset_names()])
        parser.add_argument("--slug", required=True, help="Address of the desk: /t/<slug>/")
        parser.add_argument("--name", required=True, help="Name of the support provider")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Address of the first owner")
        parser.add_argument("--owner-name", default="", help="Name of the first owner")
        parser.add_argument(
            "--preset", default=BLANK, help=f"One of: {presets}; a blank desk is set up in its console"
        )
        parser.add_argument("--language", help="en or es; the preset's if left out")
        parser.add_argument("--time-zone", help="IANA name; the preset's if left out, UTC without one")
        parser.add_argument("--prefix", help="Of ticket numbers, in capitals; the preset's if left out")
        parser.add_argument("--host", help="Own host name of the desk, support.example.com")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            owner = open_desk(_wanted(options), at=timezone.now())
        except PresetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(_one_line(error)) from error
        tenant = owner.tenant
        link = absolute_url(tenant, desk_path("accept_invitation", invitation_token(owner)))
        self.stdout.write(f"The desk {tenant.name} stands at {absolute_url(tenant, '/')}")
        self.stdout.write(f"Invitation of its owner {owner.user.email}, valid for 14 days: {link}")


def _wanted(options: dict[str, Any]) -> NewDesk:
    """What was asked for. Raises PresetError."""
    return NewDesk(
        slug=options["slug"],
        name=options["name"],
        owner_email=options["owner"],
        owner_name=options["owner_name"],
        preset=None if options["preset"] == BLANK else load_preset(options["preset"]),
        language=options["language"] or "",
        time_zone=options["time_zone"] or "",
        ticket_prefix=options["prefix"] or "",
        host=options["host"] or "",
    )


def _one_line(error: ValidationError) -> str:
    options = {"ticket_prefix": "prefix", "time_zone": "time-zone", "owner_email": "owner"}
    return " ".join(
        f"--{options.get(field, field)}: {' '.join(messages)}"
        for field, messages in error.message_dict.items()
    )
