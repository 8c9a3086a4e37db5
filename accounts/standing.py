"""What the standing of a customer stops, and the words for it.

`Customer.open_standing` says without a query whether there is anything to look up: pages and services of
customers in good standing pay nothing. Each level and ground has a rule; where the tenant has set none, the
one of `default_rule` counts. Whatever is stopped, nothing is deleted, and open tickets go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Customer, Ground, Standing, StandingLevel, StandingRule

CRITICAL = "critical"
# What a restriction leaves: only what cannot wait. By the values that tickets know priorities by.
CAN_WAIT = ("low", "medium")


@dataclass(frozen=True)
class Stop:
    """Something is stopped by that standing; `rule` says what else is."""

    standing: Standing
    rule: StandingRule

    @property
    def way_out(self) -> str:
        """What the customer can do about it, in the desk's own words."""
        return way_out_of(self.standing, self.rule)


def standing_of(customer: Customer, at: datetime) -> Standing | None:
    """The standing that counts at that instant; None for good. No query for a customer without one."""
    if customer.open_standing == StandingLevel.GOOD:
        return None
    standing: Standing | None = Standing.objects.not_lifted().filter(customer_id=customer.pk).first()
    return standing if standing is not None and standing.is_in_force(at) else None


def stops(
    customer: Customer,
    *,
    at: datetime,
    priority: str,
    channel: str = "",
    is_outage: bool = False,
    is_emergency: bool = False,
) -> Stop | None:
    """What keeps the customer from filing such a ticket, or from an emergency on one; None: nothing.

    `is_outage` is the category's. One query for a customer that does not stand well, two if its rule is set.
    """
    standing = standing_of(customer, at)
    if standing is None:
        return None
    rule = rule_of(standing.tenant_id, standing.level, standing.ground)
    if rule.lets_critical_outages and is_outage and priority == CRITICAL:
        return None
    if is_emergency:
        is_stopped = rule.stops_emergencies
    else:
        is_stopped = rule.stops_tickets or priority in rule.priorities or channel in rule.channels
    return Stop(standing, rule) if is_stopped else None


def rule_of(tenant_id: int, level: str, ground: str) -> StandingRule:
    """The tenant's rule, else the one that counts where none was set (unsaved)."""
    found = StandingRule.objects.filter(tenant_id=tenant_id, level=level, ground=ground).first()
    return found or default_rule(tenant_id, level, ground)


def rules_of(tenant_id: int) -> list[StandingRule]:
    """Every level and ground with its rule, set or not, in one query."""
    found = {(rule.level, rule.ground): rule for rule in StandingRule.objects.filter(tenant_id=tenant_id)}
    return [
        found.get((level, ground)) or default_rule(tenant_id, level, ground)
        for level in (StandingLevel.RESTRICTED, StandingLevel.SUSPENDED)
        for ground in Ground
    ]


def default_rule(tenant_id: int, level: str, ground: str) -> StandingRule:
    """Restricted: what can wait has to, and no emergencies. Suspended: nothing but critical outages."""
    is_suspended = level == StandingLevel.SUSPENDED
    return StandingRule(
        tenant_id=tenant_id,
        level=level,
        ground=ground,
        stops_tickets=is_suspended,
        priorities=[] if is_suspended else list(CAN_WAIT),
        stops_emergencies=True,
        version=0,
    )


def way_out_of(standing: Standing, rule: StandingRule) -> str:
    """The words of the standing itself, else those of its rule, else ours."""
    return standing.way_out or rule.way_out or default_way_out(standing.ground)


def default_way_out(ground: str) -> str:
    """Civil, and with one thing to do."""
    words = {
        Ground.OVERDUE_PAYMENT: _(
            "Please settle the overdue invoices, or write to your account contact if they are settled."
        ),
        Ground.ABUSE: _("Please write to your account contact, so that we can find a way to go on together."),
        Ground.MISUSE: _("Please write to your account contact to agree on what support is for."),
        Ground.UNAUTHORISED_ACCESS: _(
            "Please write to your account contact to settle who may have access to what."
        ),
        Ground.CONTRACT_VIOLATION: _(
            "Please write to your account contact to settle what the contract says."
        ),
    }
    return words[Ground(ground)]
