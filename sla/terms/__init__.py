"""What a ticket was promised, read out of the database as values for the pure core.

A ticket's terms are those that were in force when it was filed (its contract of that day, the plan's and the
calendar's version of that instant), with the versions that were announced by then for open tickets too. They
are kept as an agreement (`sla.models.Agreement`), a chain that is read from its end: each link says what
holds from its instant on.
"""

from sla.terms.chain import agreement_under, first_link, follow, follow_into, kept_agreements
from sla.terms.reading import (
    Pausing,
    Terms,
    hours_from,
    plan_versions_of,
    terms_for,
    terms_of,
    terms_under,
)
from sla.terms.versions import (
    Hours,
    Targets,
    hours_of,
    hours_of_version,
    target_value,
    targets_of,
    unit_of,
)

__all__ = [
    "Hours",
    "Pausing",
    "Targets",
    "Terms",
    "agreement_under",
    "first_link",
    "follow",
    "follow_into",
    "hours_from",
    "hours_of",
    "hours_of_version",
    "kept_agreements",
    "plan_versions_of",
    "target_value",
    "targets_of",
    "terms_for",
    "terms_of",
    "terms_under",
    "unit_of",
]
