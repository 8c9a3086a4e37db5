"""What was wrong with an answer: kept as a code with values, said in the reader's language when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.humantime import exact_moment

WORDS = {
    "timeout": gettext_noop("No answer in time (%(seconds)s s)"),
    "status": gettext_noop("HTTP %(status)s"),
    "other_status": gettext_noop("HTTP %(status)s instead of %(expected)s"),
    "redirect": gettext_noop("HTTP %(status)s: redirects are not followed"),
    "no_text": gettext_noop("The expected text is missing"),
    "unknown_name": gettext_noop("The name of the host is not known"),
    "refused": gettext_noop("The connection was refused"),
    "cut": gettext_noop("The connection was cut"),
    "certificate": gettext_noop("The certificate is not valid: %(error)s"),
    "network": gettext_noop("No connection: %(error)s"),
    "silent": gettext_noop("Nothing since %(since)s"),
}
ADDRESS = "address"


@dataclass(frozen=True)
class Fault:
    """A code of `WORDS`, or `ADDRESS` for one that may not be called, with the values that its words need."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def fault_words(code: str, values: Mapping[str, Any]) -> str:
    """Say it in the active language and zone; "" for no fault. What no code stands for is said as it is."""
    if code == ADDRESS:
        # The words of `AddressRefused`, a gettext message id.
        return _(str(values.get("why", "")))
    words = WORDS.get(code)
    if words is None:
        return code
    said = dict(values)
    if "since" in said:
        said["since"] = exact_moment(datetime.fromisoformat(said["since"]))
    return _(words) % said
