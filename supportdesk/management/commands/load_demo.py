"""`manage.py load_demo`: two desks with sixty days of invented life, to look at and to try things on."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from supportdesk.demo.load import Wanted, add_operator, load_side_by_side, missing_desks
from tickets.lifecycle import UNRESOLVED


class Command(BaseCommand):
    """Makes the desks of the demo that are not there; an existing one is left alone."""

    help = "Load the demo: two desks with people, customers and sixty days of tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="The instant up to which the past reaches; now")
        parser.add_argument("--days", type=int, default=60, help="How far the past reaches back; 60")
        parser.add_argument("--tickets", type=int, default=96, help="Tickets of the past in each desk; 96")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1 or options["tickets"] < 0:
            raise CommandError("--days has to be at least 1, --tickets not below 0.")
        now = _instant(options["now"])
        missing = missing_desks()
        if not missing:
            self.stdout.write("The demo is there already: nothing was changed.")
            return
        add_operator()
        desks = [Wanted(slug, now, options["days"], options["tickets"]) for slug in missing]
        for desk in load_side_by_side(desks):
            unresolved = sum(desk.tickets.get(status, 0) for status in UNRESOLVED)
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
