"""What people decide about themselves."""

from collections.abc import Iterable
from datetime import time

from django.db import transaction

from accounts.models import Membership, User
from accounts.oneline import one_line
from accounts.services.errors import NeverAwake


@transaction.atomic
def change_profile(
    *, user: User, name: str, language: str, time_zone: str, membership: Membership | None = None
) -> None:
    """Change one's own name, language and time zone; inside a desk also the name that the desk shows."""
    user.name, user.language, user.time_zone = one_line(name), language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    if membership is not None and membership.name != user.name:
        membership.name = user.name
        membership.save(update_fields=["name"])


def change_language(*, user: User, language: str) -> None:
    """Speak another language to somebody from now on, in pages and emails."""
    user.language = language
    user.save(update_fields=["language"])


def change_quiet_hours(
    *, membership: Membership, quiet_from: time | None, quiet_until: time | None, quiet_days: Iterable[int]
) -> None:
    """When somebody is not to be disturbed, on their own clock; Monday is 0, both times or none.

    Raises NeverAwake if no moment of the week is left.
    """
    days = sorted(set(quiet_days))
    if len(days) > 6 or (quiet_from is not None and quiet_from == quiet_until):
        raise NeverAwake
    membership.quiet_from, membership.quiet_until, membership.quiet_days = quiet_from, quiet_until, days
    membership.save(update_fields=["quiet_from", "quiet_until", "quiet_days"])
