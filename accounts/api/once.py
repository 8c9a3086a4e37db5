"""A call that is sent twice does its work once: the caller names it with a key of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from accounts.api.base import DeskView
from accounts.api.problems import InvalidQuery

HEADER = "Idempotency-Key"
LONGEST = 255
T = TypeVar("T")
Refusals = type[Exception] | tuple[type[Exception], ...]
_CALLS = uuid.UUID("6f1f2c3e-6c0e-4a62-9d0b-3a1c9f5b7e20")

ONCE: Any = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=_(
        "A key of your own, of up to 255 characters. A call to the same address with the same key writes "
        "nothing again: it is answered with what the first one wrote, whatever its body says."
    ),
)


def sending_of(view: DeskView) -> uuid.UUID | None:
    """The mark of this call: of its key and address; None without a key. Raises InvalidQuery."""
    key = view.request.headers.get(HEADER)
    if key is None:
        return None
    if not key.strip() or len(key) > LONGEST:
        words = _gettext("Between 1 and %(most)d characters.") % {"most": LONGEST}
        raise InvalidQuery({HEADER: [words]})
    return uuid.uuid5(_CALLS, f"{view.request.path}\n{key.strip()}")


def done_once(find: Callable[[], T | None], write: Callable[[], T], refused: Refusals) -> T:
    """What the same call wrote before (`find`), else what is written now.

    Of two that arrive at once the second is `refused`, for one reason or another, and finds the first's.
    """
    found = find()
    if found is not None:
        return found
    try:
        return write()
    except refused:
        found = find()
        if found is None:
            raise
        return found
