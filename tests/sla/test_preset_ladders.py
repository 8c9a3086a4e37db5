"""The ladders that the published policies bring along: they fit their clauses, and they reach somebody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Role
from accounts.services import accept_invitation, add_owner, create_customer
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from sla.ladder_words import names_in, step_words
from sla.models import Emergency, EmergencyCall, Metric, Plan, PlanVersion, Rota, TargetUnit
from sla.rota_turns import Turn
from sla.services import give_contract
from sla.services.ladders import ladder_of
from sla.services.turns import fill_turns
from sla.sweep import sweep_tenant
from tests.factories import PASSWORD, add_person
from tests.sla.test_presets import AT, new_desk
from tickets.models import Category
from tickets.services import file_ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FRIDAY_NIGHT = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
"""20:00 in Mexico City: the desk is closed until Monday."""


def steps_on(plan: str, metric: str) -> list[str]:
    """The ladder of a plan in words, as its page shows it."""
    version = PlanVersion.objects.get(plan__name=plan)
    steps = [step for step in ladder_of(version) if step.metric == metric]
    clock = version.targets.filter(metric=metric, unit=TargetUnit.ELAPSED_TIME).exists()
    return [step_words(step, names_in(steps), business=not clock) for step in steps]


def test_each_plan_of_the_first_policy_escalates_as_its_clauses_say() -> None:
    with tenant_scope(new_desk("salsabeel-erp").pk):
        assert steps_on("Standard", Metric.FIRST_RESPONSE) == [
            "At the aim: tells the assignee",
            "At 75% of the limit, only critical, high: tells the assignee",
            "At the limit: tells the assignee, every supervisor",
            "2 business hours after the limit, only critical, high: tells every supervisor",
            "Every business day after the limit, at most 5 times: tells every supervisor",
        ]
        assert "At the limit, only medium: raises the priority" in steps_on("Priority", "first_response")
        enterprise = steps_on("Dedicated enterprise", "first_response")
        assert (
            "At 75% of the limit, only critical: tells every supervisor, whoever is on call in Emergencies"
            in enterprise
        )
        assert "At the limit, only critical: declares an emergency" in enterprise
        assert all("coordinator" in words for words in enterprise if words.startswith("At the limit: "))


def test_a_restore_that_runs_out_at_night_calls_somebody_before_it_is_missed() -> None:
    tenant = new_desk("codigo-binario")
    owner = add_owner(tenant=tenant, email="owner@cbin.example", name="Olga", at=AT)
    with tenant_scope(tenant.pk):
        accept_invitation(membership=owner, at=AT, password=PASSWORD)
        agent = add_person(owner, "agent@cbin.example", "Ali", Role.AGENT)
        agent.quiet_days = [4, 5, 6]
        agent.save()
        turn = Turn(agent.pk, FRIDAY_NIGHT - timedelta(days=1), FRIDAY_NIGHT + timedelta(days=1))
        fill_turns(rota=Rota.objects.get(), turns=[turn], by=None, at=AT)
        customer = create_customer(tenant_id=tenant.pk, name="Molinos", at=AT)
        plan = Plan.objects.get(name="Soporte ilimitado")
        give_contract(customer=customer, plan=plan, starts_on=date(2026, 3, 1), at=AT, by=owner)
        contact = add_person(owner, "carla@cbin.example", "Carla", Role.MEMBER, customer)
        category = Category.objects.get(name="Restablecimiento")
        file_ticket(
            by=contact, subject="No hay datos", body="...", category=category, priority="critical",
            at=FRIDAY_NIGHT,
        )  # fmt: skip
        sweep_tenant(now=FRIDAY_NIGHT + 89 * MINUTE)
        assert not Emergency.objects.exists()
        sweep_tenant(now=FRIDAY_NIGHT + 91 * MINUTE)
        assert Emergency.objects.get().rota == Rota.objects.get()
        assert [call.person for call in EmergencyCall.objects.all()] == [agent]
        mail = OutboxMessage.objects.filter(kind="emergency", to="agent@cbin.example").get()
        assert mail.next_attempt_at == FRIDAY_NIGHT + 91 * MINUTE
