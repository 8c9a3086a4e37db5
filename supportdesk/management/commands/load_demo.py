"""`manage.py load_demo`: two desks with sixty days of invented life, to look at and to try things on."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from supportdesk.demo.load import AlreadyThere, load_demo


class Command(BaseCommand):
    """Changes nothing where a desk of the demo exists already."""

    help = "Load the demo: two desks with people, customers and sixty days of tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="The instant up to which the past reaches; now")
        parser.add_argument("--days", type=int, default=60, help="How far the past reaches back; 60")
        parser.add_argument("--tickets", type=int, default=96, help="Tickets of the past in each desk; 96")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1 or options["tickets"] < 0:
            raise CommandError("--days has to be at least 1, --tickets not below 0.")
        try:
            desks = load_demo(now=_instant(options["now"]), days=options["days"], tickets=options["tickets"])
        except AlreadyThere as refusal:
            self.stdout.write(f"The demo is there already (desk “{refusal}”): nothing was changed.")
            return
        for desk in desks:
            unresolved = sum(n for status, n in desk.tickets.items() if status not in ("resolved", "closed"))
            total = sum(desk.tickets.values())
            self.stdout.write(f"{desk.name}: {total} tickets, {unresolved} of them unresolved")


def _instant(written: str | None) -> datetime:
    if not written:
        return timezone.now()
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise CommandError(f"--now: “{written}” is not an instant like 2026-11-22T09:30:00+00:00") from error
    if at.tzinfo is None:
        raise CommandError("--now: give the offset from UTC too, like 2026-11-22T09:30:00+00:00")
    return at
