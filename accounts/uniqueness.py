"""What the database holds once: a name, an address, a thing under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


@contextmanager
def once_only(refusal: type[Exception], constraint: str = "") -> Iterator[None]:
    """Raise `refusal` if what is written inside stands there already; the transaction around goes on.

    A constraint decides, so two who come at the same instant cannot both be first. `constraint` names the one
    that is meant where the table has others.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        raise refusal from error
