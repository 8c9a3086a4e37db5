"""Clocks with their receipts, plans and calendars as the API writes them."""

from sla.api.serializers.calendars import CalendarPage, CalendarSerializer
from sla.api.serializers.clocks import (
    PARTS,
    STATES,
    ClockPage,
    ClockSerializer,
    SegmentSerializer,
    SentenceSerializer,
)
from sla.api.serializers.plans import (
    CalendarRefSerializer,
    CoverageTermsSerializer,
    ExclusionSerializer,
    MaintenanceTermsSerializer,
    PlanPage,
    PlanSerializer,
    TargetSerializer,
)

__all__ = [
    "PARTS",
    "STATES",
    "CalendarPage",
    "CalendarRefSerializer",
    "CalendarSerializer",
    "ClockPage",
    "ClockSerializer",
    "CoverageTermsSerializer",
    "ExclusionSerializer",
    "MaintenanceTermsSerializer",
    "PlanPage",
    "PlanSerializer",
    "SegmentSerializer",
    "SentenceSerializer",
    "TargetSerializer",
]
