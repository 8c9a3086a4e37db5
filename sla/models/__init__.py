"""Support calendars, plans with their targets and ladders, contracts, and the clocks reckoned from them."""

from sla.models.audits import ClockDifference
from sla.models.clocks import Agreement, Clock, ClockStatus, Escalation, Moot
from sla.models.contract_versions import ContractVersion
from sla.models.coverage import Coverage, CoverageKind, SupportChannel
from sla.models.edits import Edit, EditMove, EditState
from sla.models.emergencies import Emergency, EmergencyCall, Rota, RotaTurn
from sla.models.ladders import LadderStep, Place, Who
from sla.models.promises import (
    BackupPart,
    BackupTerm,
    CalendarVersion,
    Contract,
    Metric,
    Plan,
    PlanVersion,
    Reach,
    SupportCalendar,
    Target,
    TargetUnit,
)
from sla.models.working import WorkingHours
from sla.models.zone_rules import ZoneRules

__all__ = [
    "Agreement",
    "BackupPart",
    "BackupTerm",
    "CalendarVersion",
    "Clock",
    "ClockDifference",
    "ClockStatus",
    "Contract",
    "ContractVersion",
    "Coverage",
    "CoverageKind",
    "Edit",
    "EditMove",
    "EditState",
    "Emergency",
    "EmergencyCall",
    "Escalation",
    "LadderStep",
    "Metric",
    "Moot",
    "Place",
    "Plan",
    "PlanVersion",
    "Reach",
    "Rota",
    "RotaTurn",
    "SupportCalendar",
    "SupportChannel",
    "Target",
    "TargetUnit",
    "Who",
    "WorkingHours",
    "ZoneRules",
]
