"""Intentions about calendars, plans and contracts, and the reckoning of clocks.

Each function is keyword-only, opens its own transaction, locks what it changes, and refuses by an exception
of `sla.services.errors`. `at` is the instant at which it happens, `by` who does it (None: the desk itself).
"""

from sla.coverage_terms import CoverageTerms
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.public_holidays import public_holidays
from sla.services.calendars import archive_calendar, change_calendar, create_calendar, restore_calendar
from sla.services.contracts import end_contract, give_contract, withdraw_contract
from sla.services.ladders import StepTerms, Tell, ladder_of, usual_ladder
from sla.services.plans import TargetTerms, archive_plan, change_plan, create_plan, restore_plan

__all__ = [
    "BackupTerms",
    "CoverageTerms",
    "MaintenanceTerms",
    "StepTerms",
    "TargetTerms",
    "Tell",
    "archive_calendar",
    "archive_plan",
    "change_calendar",
    "change_plan",
    "create_calendar",
    "create_plan",
    "end_contract",
    "give_contract",
    "ladder_of",
    "public_holidays",
    "restore_calendar",
    "restore_plan",
    "usual_ladder",
    "withdraw_contract",
]
