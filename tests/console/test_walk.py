"""Every page of the settings opens for admins, and for nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import Membership, Team
from accounts.services import create_team
from notifications.models import OutboxMessage
from sla.models import Edit
from tests.factories import FOUNDED, Desk, DeskClient, draft_of, new_service, new_ticket
from tickets.models import Service

Login = Callable[[Membership], DeskClient]


def pages(desk: Desk) -> list[str]:
    """Addresses of all pages that are read, inside the desk."""
    message = OutboxMessage.objects.order_by("pk").first()
    assert message is not None
    team = Team.objects.first()
    team = team or create_team(name="Night watch", members=[desk.agent], by=desk.admin, at=FOUNDED)
    service = Service.objects.first() or new_service(desk)
    draft = Edit.objects.first() or draft_of(desk)
    numbers = {
        "console": [],
        "setup": [],
        "console_calendars": [],
        "console_calendar": [desk.calendar.pk],
        "console_calendar_version": [desk.calendar.pk, 1],
        "new_calendar": [],
        "edit_calendar": [desk.calendar.pk],
        "calendar_simulator": [desk.calendar.pk],
        "plan_simulator": [desk.plan.pk],
        "console_plans": [],
        "compare_plans": [],
        "console_plan": [desk.plan.pk],
        "console_plan_version": [desk.plan.pk, 1],
        "new_plan": [],
        "edit_plan": [desk.plan.pk],
        "console_categories": [],
        "new_category": [],
        "category_purposes": [],
        "edit_category": [desk.category.pk],
        "edit_intake_form": [desk.category.pk],
        "console_services": [],
        "new_service": [],
        "edit_service": [service.pk],
        "new_service_group": [],
        "console_backups": [],
        "new_backup": [],
        "console_customers": [],
        "new_customer": [],
        "console_customer": [desk.customer.pk],
        "edit_customer": [desk.customer.pk],
        "invite_contact": [desk.customer.pk],
        "new_contract": [desk.customer.pk],
        "edit_contract_end": [desk.contract.pk],
        "change_contract": [desk.contract.pk],
        "console_edit": [draft.pk],
        "edit_effect": [draft.pk],
        "console_team": [],
        "invite_colleague": [],
        "console_person": [desk.agent.pk],
        "deactivate_person": [desk.agent.pk],
        "console_teams": [],
        "new_team": [],
        "edit_team": [team.pk],
        "console_desk": [],
        "console_look": [],
        "console_host": [],
        "give_up_host": [],
        "console_monitors": [],
        "new_monitor": [],
        "console_alert_sources": [],
        "new_alert_source": [],
        "webhook_secret": [],
        "outbox": [],
        "outbox_message": [message.pk],
    }
    return [reverse(name, "supportdesk.tenant_urls", args=args) for name, args in numbers.items()]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_for_an_admin(desk: Desk, login: Login, language: str) -> None:
    new_ticket(desk, at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    desk.admin.user.language = language
    desk.admin.user.save()
    client = login(desk.admin)
    for page in pages(desk):
        response = client.get(page)
        assert response.status_code == 200, page
        assert 'aria-current="page"' in response.content.decode(), page


def test_agents_supervisors_and_contacts_are_refused(desk: Desk, login: Login) -> None:
    for person in (desk.agent, desk.supervisor, desk.contact, desk.customer_admin):
        client = login(person)
        for page in pages(desk):
            assert client.get(page).status_code == 403, (person.role, page)


def test_ids_of_another_desk_do_not_exist(desk: Desk, other_desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    foreign = {
        "console_calendar": other_desk.calendar.pk,
        "edit_calendar": other_desk.calendar.pk,
        "console_plan": other_desk.plan.pk,
        "edit_plan": other_desk.plan.pk,
        "edit_category": other_desk.category.pk,
        "edit_intake_form": other_desk.category.pk,
        "console_customer": other_desk.customer.pk,
        "new_contract": other_desk.customer.pk,
        "edit_contract_end": other_desk.contract.pk,
        "console_person": other_desk.agent.pk,
    }
    for name, pk in foreign.items():
        page = reverse(name, "supportdesk.tenant_urls", args=[pk])
        assert client.get(page).status_code == 404, name


def test_somebody_not_logged_in_is_asked_to(desk: Desk) -> None:
    for page in pages(desk):
        assert DeskClient(desk.tenant).get(page).status_code == 302, page
