"""What people decide about themselves."""

from django.db import transaction

from accounts.models import Membership, User
from accounts.oneline import one_line


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
