"""The settings whose changes stand in a desk's audit log, by model (see `accounts.audit`).

Left out are marks that the program keeps by itself. A model that people set something in belongs here.
"""

from typing import NamedTuple


class Audited(NamedTuple):
    """How rows of a model stand in the log: `leaves_out` fields, and the attributes that name a row."""

    leaves_out: frozenset[str] = frozenset()
    named_by: tuple[str, ...] = ()


_WATCHED = frozenset({"ticket", "state", "last_good_at", "last_verified_at", "next_due_at", "verify_due_at"})
_CHECKED = frozenset(
    {
        *("failures", "first_failed_at", "last_checked_at", "last_error", "last_milliseconds"),
        *("next_check_at", "outage"),
    }
)

AUDITED: dict[str, Audited] = {
    # The marks of its logos follow the logos, which are told themselves.
    "accounts.Tenant": Audited(frozenset({"logo", "logo_dark"})),
    "accounts.HostClaim": Audited(
        frozenset({"proof", "finding", "found", "checked_at", "next_check_at", "asked_by", "asked_at"}),
        ("host",),
    ),
    "accounts.Logo": Audited(frozenset({"png", "by", "at"}), ("use",)),
    "accounts.Customer": Audited(),
    "accounts.Membership": Audited(frozenset({"quiet_from", "quiet_until", "quiet_days"})),
    "accounts.Team": Audited(),
    "accounts.ViewAs": Audited(named_by=("person",)),
    "accounts.Absence": Audited(named_by=("person",)),
    "accounts.ContactGroup": Audited(named_by=("customer", "name")),
    "accounts.ApiToken": Audited(frozenset({"last_used_at"}), ("membership", "name")),
    "accounts.SsoConnection": Audited(),
    "accounts.Standing": Audited(frozenset({"review_told_at"}), ("customer",)),
    "accounts.StandingRule": Audited(),
    "tickets.Category": Audited(),
    "tickets.CategoryPurpose": Audited(),
    "tickets.IntakeForm": Audited(named_by=("category", "number")),
    "tickets.Service": Audited(),
    "tickets.ServiceGroup": Audited(),
    "knowledge.Section": Audited(),
    "sla.SupportCalendar": Audited(),
    "sla.CalendarVersion": Audited(named_by=("calendar", "number")),
    "sla.Plan": Audited(),
    "sla.PlanVersion": Audited(named_by=("plan", "number")),
    "sla.Coverage": Audited(named_by=("plan_version", "category")),
    "sla.Contract": Audited(named_by=("customer", "plan")),
    "sla.ContractVersion": Audited(named_by=("contract", "number")),
    "sla.Edit": Audited(
        frozenset({"done", "moved", "total", "error"}), ("calendar", "plan", "contract", "state")
    ),
    "sla.Rota": Audited(),
    "sla.RotaTurn": Audited(named_by=("rota", "person")),
    "sla.WorkingHours": Audited(named_by=("person",)),
    "maintenance.Series": Audited(),
    "maintenance.StatusPage": Audited(),
    "maintenance.Monitor": Audited(_WATCHED | _CHECKED),
    "maintenance.AlertSource": Audited(frozenset({"ticket", "last_used_at"})),
    "maintenance.BackupJob": Audited(
        _WATCHED | {"is_verification_overdue", "verification_ticket"}, ("customer", "name")
    ),
    # What is drawn and adjusted stands in the ledger of the pack.
    "hours.Pack": Audited(frozenset({"balance"}), ("customer", "name")),
    "hours.HoursAccount": Audited(frozenset({"low_told_at"}), ("customer",)),
    "reports.Download": Audited(
        frozenset(
            {"state", "started_at", "attempts", "done", "total", "finished_at", "expires_at", "file", "size"}
            | {"left_out"}
        ),
        ("person", "scope"),
    ),
    "notifications.WebhookSecret": Audited(),
}
