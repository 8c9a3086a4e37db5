"""Tenants never meet: every address, form and task, called with the ids of everybody else.

Three circles: another tenant's things, another customer's things, things of one's own desk that one's role
may not touch. An address that this page does not know fails the test until somebody has said here who may
pass its door. The last tests plant a fault in each wall and see the test fall.
"""

import inspect
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django import forms
from django.db import connection
from django.template.backends.jinja2 import Template
from rest_framework import serializers

from accounts.api.permissions import IsStaffMember
from accounts.api.throttling import AnonymousThrottle, CallerThrottle, WriteThrottle
from accounts.models import Membership, User
from accounts.tenancy import tenant_scope
from supportdesk import context
from supportdesk.celery import app as celery
from tests import tenancy_walk as walk
from tests.factories import DeskClient, browser_of, build_desk, new_ticket
from tests.kept import Kept
from tests.tenancy_walk import Address
from tests.tenancy_world import FOREIGN, HELD_BACK, World, build_world
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

STAFF = {"owner", "admin", "supervisor", "agent"}
CONTACTS = {"customer_admin", "contact"}
ADMINS = {"owner", "admin"}
DOORS = {
    "anybody": STAFF | CONTACTS | {"stranger", "anonymous"},
    "member": STAFF | CONTACTS,
    "person": STAFF | CONTACTS | {"stranger"},
    "staff": STAFF,
    "supervisor": ADMINS | {"supervisor"},
    "admin": ADMINS,
    "contact": CONTACTS,
    "customer admin": {"customer_admin"},
    "staff and customer admin": STAFF | {"customer_admin"},
    "admin and customer admin": ADMINS | {"customer_admin"},
    # Nobody of the desk: a backup's own token alone.
    "backup": set(),
}


def _all(names: str, value: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), value)


# Who may pass the door of an address. Console addresses are the admins'; the log-in pages are allauth's.
WHO: dict[str, str] = {
    "home": "anybody",
    "accept_invitation": "anybody",
    **_all("company_sign_in company_sign_in_through", "anybody"),
    "set_language": "anybody",
    "api_docs": "anybody",
    "api_schema": "anybody",
    "api_not_found": "anybody",
    # The status pages of this world are public: what anybody reads there names nobody.
    **_all(
        """
            status status_history status_atom status_json status_calendar subscribe_to_status
            confirm_subscription end_subscription personal_feed
        """,
        "anybody",
    ),
    # Public articles are read by anybody; whoever is not logged in is sent to the log-in for all others.
    **_all("help help_section help_article article_feedback help_image", "anybody"),
    # So are its plans.
    "public_plans": "anybody",
    **_all("own_plan api_own_plan", "contact"),
    **_all("api_company_people api_change_sees api_company_statement", "customer admin"),
    **_all("api_contact_groups api_contact_group", "staff and customer admin"),
    **_all("api_customer api_category", "staff"),
    **_all(
        """
            api_sign_in_connections api_sign_in_connection api_switch_sign_in_connection api_second_factor
            api_archive_category api_restore_category api_category_purposes
        """,
        "admin",
    ),
    **_all("downloads request_download download_file", "contact"),
    **_all("api_downloads api_download api_download_file", "contact"),
    # A desk's own colour and logo stand on its log-in page.
    **_all("look_css logo logo_dark", "anybody"),
    # These let in whoever brings their own secret, and nobody else.
    "beat": "anybody",
    "api_alerts": "anybody",
    "rate_by_link": "anybody",
    **_all("satisfaction follow_up_rating api_ratings api_follow_up_rating", "supervisor"),
    **_all("rate_ticket withdraw_ticket close_ticket ask_for_chat", "contact"),
    **_all(
        """
            ticket_live ticket_writing ticket_people remove_ticket_person change_ticket_privacy
            api_rate_ticket api_withdraw_ticket
            api_ask_for_chat api_close_ticket api_change_ticket_privacy api_ticket_people
            api_remove_ticket_person
        """,
        "member",
    ),
    "queue": "staff",
    "add_note": "staff",
    "assign_ticket": "staff",
    "change_priority": "staff",
    "change_category": "staff",
    "change_service": "staff",
    "ticket_clocks": "staff",
    "tick_restore_step": "staff",
    "api_tick_restore_step": "staff",
    "beat_backup": "anybody",
    "api_report_backup": "backup",
    "set_due": "staff",
    "clear_due": "staff",
    "merge_ticket": "staff",
    "split_ticket": "staff",
    "change_status": "staff",
    **_all("ask_approval withdraw_approval api_ask_approval api_withdraw_approval", "staff"),
    **_all("approvals approval api_approvals api_decide_approval", "member"),
    **_all("log_time void_time api_time api_void_time", "staff"),
    "hours": "staff and customer admin",
    **_all("customer_hours hours_statement api_hours api_hours_statement", "staff and customer admin"),
    **_all(
        "sell_pack edit_pack adjust_pack hours_account api_sell_pack api_change_pack api_adjust_pack", "admin"
    ),
    "api_hours_account": "admin",
    # Whoever brings the link of a mail: its secret names one person.
    "answer_approval": "anybody",
    "api_add_note": "staff",
    "api_assign_ticket": "staff",
    "api_change_priority": "staff",
    "api_change_category": "staff",
    "api_change_service": "staff",
    "api_service_groups": "staff",
    "api_set_due": "staff",
    "api_clear_due": "staff",
    "api_merge_ticket": "staff",
    "api_split_ticket": "staff",
    "api_change_status": "staff",
    "api_people": "staff",
    "api_customers": "staff",
    "api_customer_standings": "staff",
    "api_teams": "staff",
    **_all("quiet_hours end_view_as", "member"),
    **_all("my_absences my_working_hours edit_absence remove_absence", "staff"),
    **_all("api_absences api_absences_of_person api_absence api_working_hours", "staff"),
    **_all("api_hand_over api_show_hand_over", "supervisor"),
    **_all("api_person api_team", "staff"),
    **_all("api_archive_team api_restore_team api_outbox api_outbox_message api_retry_message", "admin"),
    **_all(
        "api_deactivate_person api_change_role api_invite_again api_reactivate_person",
        "admin and customer admin",
    ),
    **_all("api_notifications api_mark_notifications_read api_quiet_hours", "member"),
    "api_desk": "admin",
    **_all("absences person_absences person_working_hours hand_over hand_over_progress", "supervisor"),
    # Sessions are the person's own, whatever the desk (see tests/accounts/test_sessions.py).
    **_all("sessions end_session end_other_sessions", "person"),
    "api_plans": "staff",
    **_all("api_contracts api_contract", "staff"),
    **_all("api_plan api_plan_versions api_calendar api_calendar_versions api_rotas api_rota", "staff"),
    **_all("api_archive_plan api_restore_plan api_archive_calendar api_restore_calendar", "admin"),
    **_all("api_archive_rota api_restore_rota api_fill_rota api_turns api_turn", "admin"),
    "api_acknowledge_emergency": "staff",
    "api_end_emergency": "staff",
    "acknowledge_emergency": "staff",
    "end_emergency": "staff",
    "windows": "member",
    "window": "member",
    "window_file": "member",
    "api_windows": "member",
    "api_window": "member",
    **_all(
        """
            new_window edit_window schedule_window move_window extend_window cancel_window start_window
            complete_window log_work tick_item link_window_ticket unlink_window_ticket tell_window_tickets
            series_list new_series series edit_series end_series
            window_customers find_time notice_report api_find_time api_schedule_window api_move_window
            api_extend_window api_start_window api_complete_window api_cancel_window api_log_work
            api_notice_report api_all_series api_series api_end_series
            api_tick_item api_link_window_tickets api_unlink_window_ticket api_tell_window_tickets
        """,
        "staff",
    ),
    "declare_emergency": "member",
    **_all(
        """
            knowledge new_article article translate_article edit_edition add_article_image review_edition
            article_version missed_searches settle_search ticket_articles article_of_answer
        """,
        "staff",
    ),
    **_all("api_articles api_article api_article_feedback", "member"),
    **_all(
        """
            api_add_edition api_article_images api_editions api_edition api_versions api_review_edition
            api_sections api_missed_searches api_missed_search api_send_back api_publish_edition
            api_withdraw_edition api_place_article api_archive_article api_restore_article
        """,
        "staff",
    ),
    **_all("place_article archive_article send_back publish_edition withdraw_edition", "supervisor"),
    **_all(
        """
            new_outage edit_outage update_outage end_outage link_outage_tickets unlink_outage_ticket
            answer_outage_tickets api_monitor api_update_outage api_end_outage api_link_outage_tickets
            api_answer_outage_tickets api_edit_outage api_unlink_outage_ticket api_monitors
        """,
        "staff",
    ),
    **_all("outages outage availability api_outages api_outage api_availability", "member"),
    "api_emergencies": "member",
    "api_calendars": "staff",
    "api_preview": "staff",
    **_all(
        """
            feed_keys revoke_feed_key api_calendar_addresses api_calendar_address
            stop_following_status api_following
            tickets new_ticket similar_tickets keep_filing_draft ticket reply_to_ticket resolve_ticket
            reopen_ticket attachment notifications
            mark_notifications_read open_notification profile api_tokens revoke_api_token api_me
            api_log_ins
            api_my_tokens api_my_token api_tickets api_ticket api_reply_to_ticket api_resolve_ticket
            api_reopen_ticket api_events api_attachment api_categories api_questions api_clocks api_promise
            api_services api_service backups backup ask_for_restore restore
            api_backups api_backup api_backup_runs api_request_restore api_restore
        """,
        "member",
    ),
    **_all(
        """
            company_statement company_statement_file company_groups edit_company_group remove_company_group
            change_company_sees
            company_log_ins view_as_company_person
            company_people change_company_role invite_company_person_again deactivate_company_person
            reactivate_company_person
        """,
        "customer admin",
    ),
    **_all(
        """
            api_section api_archive_section api_restore_section
            console_sections new_section edit_section archive_section
            console_status api_status_settings api_edit_status_settings api_status_followers
            setup begin_setup finish_setup confirm_look take_usual_categories begin_with_preset
            api_setup api_begin_setup api_finish_setup api_confirm_look api_take_usual_categories
            api_begin_with_preset
            console console_calendars new_calendar console_calendar edit_calendar archive_calendar
            compare_plans publish_plans api_publish_plans
            console_calendar_version console_plans new_plan console_plan edit_plan archive_plan
            console_plan_version plan_simulator calendar_simulator
            new_contract change_contract edit_contract_end withdraw_contract
            console_edit edit_effect apply_edit discard_edit cancel_edit undo_edit console_categories
            new_category edit_category archive_category category_purposes edit_intake_form
            console_customers new_customer console_customer
            edit_customer invite_contact console_team invite_colleague console_person change_person_role
            invite_person_again deactivate_person reactivate_person console_desk outbox
            console_look change_colour change_words change_languages set_logo remove_logo preview_css
            console_host check_host give_up_host api_look api_look_logo api_host api_check_host
            console_rotas new_rota console_rota edit_rota archive_rota fill_rota
            new_turn edit_turn remove_turn
            customer_standing lift_standing console_standing edit_standing_rule api_lift_standing
            api_standing_rules console_audit export_audit api_audit import_customers import_template
            customer_tickets customer_clocks api_import_customers
            console_teams new_team edit_team archive_team
            console_sign_in require_second_factor person_log_ins
            new_oidc_connection new_saml_connection edit_sso_connection switch_sso_connection
            console_services new_service edit_service archive_service new_service_group edit_service_group
            remove_service_group api_archive_service api_restore_service api_service_group
            console_backups new_backup edit_backup archive_backup renew_backup_token
            api_archive_backup api_watch_backup api_renew_backup_token
            api_edits api_edit api_edit_effect api_edit_moves api_apply_edit api_cancel_edit api_undo_edit
            outbox_message retry_message webhook_secret end_former_webhook_secret
            api_webhook_secret api_former_webhook_secret
            console_monitors new_monitor edit_monitor pause_monitor archive_monitor renew_heartbeat
            console_alert_sources new_alert_source edit_alert_source revoke_alert_source
            api_pause_monitor api_resume_monitor api_archive_monitor api_restore_monitor api_renew_heartbeat
            api_alert_sources api_alert_source api_revoke_alert_source
        """,
        "admin",
    ),
}

# What the argument of an address stands for: by the address and, where that is enough, by the argument.
BY_ADDRESS = {
    "attachment": "attachment",
    **_all("edit_company_group remove_company_group", "group"),
    "open_notification": "notification",
    "revoke_api_token": "token",
    "end_session": "session",
    **_all("edit_sso_connection switch_sso_connection", "sso connection"),
    "company_log_ins": "contact",
    "person_log_ins": "contact",
    "revoke_feed_key": "feed key",
    "console_calendar": "calendar",
    "edit_calendar": "calendar",
    "archive_calendar": "calendar",
    "console_calendar_version": "calendar",
    "calendar_simulator": "calendar",
    "console_plan": "plan",
    "edit_plan": "plan",
    "archive_plan": "plan",
    "console_plan_version": "plan",
    "plan_simulator": "plan",
    "new_contract": "customer",
    "edit_contract_end": "contract",
    "withdraw_contract": "contract",
    "change_contract": "contract",
    **_all("console_edit edit_effect apply_edit discard_edit cancel_edit undo_edit", "edit"),
    "edit_team": "team",
    **_all("edit_monitor pause_monitor archive_monitor renew_heartbeat", "monitor"),
    **_all("edit_alert_source revoke_alert_source", "alert source"),
    **_all("console_rota edit_rota archive_rota fill_rota new_turn", "rota"),
    "edit_turn": "turn",
    "remove_turn": "turn",
    "archive_team": "team",
    **_all("edit_service archive_service", "service"),
    **_all("backup ask_for_restore edit_backup archive_backup renew_backup_token", "backup"),
    "tick_restore_step": "restore step",
    **_all("edit_service_group remove_service_group", "service_group"),
    "edit_category": "category",
    "archive_category": "category",
    "edit_intake_form": "category",
    "console_customer": "customer",
    "edit_customer": "customer",
    **_all("customer_tickets customer_clocks", "customer"),
    "customer_standing": "customer",
    "lift_standing": "customer",
    "invite_contact": "customer",
    "outbox_message": "outbox message",
    "retry_message": "outbox message",
    **_all("person_absences person_working_hours hand_over", "colleague"),
    **_all("edit_absence remove_absence", "absence"),
    "hand_over_progress": "hand-over",
    **_all(
        """
            view_as_company_person change_company_role change_company_sees invite_company_person_again
            deactivate_company_person reactivate_company_person console_person change_person_role
            invite_person_again deactivate_person reactivate_person
        """,
        "contact",
    ),
}
BY_ARGUMENT = {
    "customer_id": "customer",
    "article_id": "article",
    "edition_id": "edition",
    "section_id": "section",
    "image_id": "image",
    "missed_id": "missed search",
    "calendar_id": "calendar",
    "plan_id": "plan",
    "rota_id": "rota",
    "turn_id": "turn",
    "team_id": "team",
    "outbox_id": "outbox message",
    "rating_id": "rating",
    "person_id": "contact",
    "colleague_id": "colleague",
    "absence_id": "absence",
    "hand_over_id": "hand-over",
    "number": "ticket",
    "message_id": "message",
    "window_id": "window",
    "series_id": "series",
    "item_id": "checklist item",
    "token_id": "token",
    "attachment_id": "attachment",
    "approval_id": "approval",
    "pack_id": "pack",
    "entry_id": "time entry",
    "edit_id": "edit",
    "contract_id": "contract",
    "service_id": "service",
    "job_id": "backup",
    "step_id": "restore step",
    "group_id": "service_group",
    "category_id": "category",
    "outage_id": "outage",
    "key_id": "feed key",
    "monitor_id": "monitor",
    "source_id": "alert source",
    "download_id": "download",
    "contact_group_id": "group",
    "connection_id": "sso connection",
}
VERSIONED = {"console_calendar_version", "console_plan_version"}
# Secrets that are no ids: an invitation's token is tested with invitations.
# What a desk shows to all its customers alike.
OF_THE_WHOLE_DESK = {"api_questions"}
SECRET_ARGUMENTS = {"token", "unknown", "secret", "connection_key"}
VERSION_ARGUMENT = "version_number"


def of_ours(address: Address) -> bool:
    """Not allauth's pages about a person's own identity, which know no tenant."""
    return not address.name.startswith(("account_", "mfa_", "openid_connect_", "saml_"))


def desk_addresses() -> list[Address]:
    found = [a for a in walk.addresses("supportdesk.tenant_urls") if of_ours(a)]
    unknown = {a.name for a in found} - WHO.keys()
    assert not unknown, f"who may pass the door of {sorted(unknown)}? Say so in WHO."
    return found


def with_ids(addresses: list[Address]) -> list[Address]:
    return [a for a in addresses if set(a.arguments) - SECRET_ARGUMENTS]


def ids_for(address: Address, belongings: Any) -> dict[str, Any]:
    """Values for the arguments of an address, taken from somebody's belongings."""
    values = {}
    for argument in address.arguments:
        if argument == VERSION_ARGUMENT or (argument == "number" and address.name in VERSIONED):
            values[argument] = 1
            continue
        kind = BY_ADDRESS.get(address.name) if argument == "pk" else BY_ARGUMENT.get(argument)
        assert kind, f"what does <{argument}> of {address.name} stand for? Say so in BY_ADDRESS."
        values[argument] = belongings[kind]
    return values


def browsers(world: World) -> dict[str, DeskClient]:
    """A browser of every role, of a member of the other desk, and of nobody."""
    found = {role: browser_of(person) for role, person in world.people.items()}
    stranger = DeskClient(world.desk.tenant)
    stranger.force_login(
        world.umbra.owner.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return {**found, "stranger": stranger, "anonymous": DeskClient(world.desk.tenant)}


REFUSED = {302, 401, 403, 404, 405}
# What a door asks for: whose desk, session and membership it is, and whether somebody has a second factor.
OF_DOORS = {
    "accounts_tenant", "accounts_membership", "accounts_customer", "accounts_user", "django_session",
}  # fmt: skip
REFUSALS = {"403.html", "404.html", "accounts/stranger.html"}


def assert_holds_back(role: str, address: Address, response: Any) -> None:
    """No response has a word of what this role must not read."""
    text = walk.body_of(response)
    words = HELD_BACK["staff" if role in STAFF else "contact"]
    found = [word for word in words if word in text]
    assert not found, f"{role} reads {found} at {address.name}"


def assert_refused(role: str, address: Address, method: str, response: Any) -> None:
    """Not found, forbidden, or sent to the log-in page; never done, never an error of ours."""
    assert response.status_code in REFUSED, f"{role} {method} {address.name}: {response.status_code}"
    if response.status_code == 302:
        assert "/accounts/login/" in response["Location"], f"{role} {method} {address.name} goes on"
    assert_holds_back(role, address, response)


@pytest.fixture(autouse=True)
def _ask_as_often_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are more addresses than anybody may ask for in a minute."""
    for throttle in (AnonymousThrottle, CallerThrottle, WriteThrottle):
        monkeypatch.setattr(throttle, "allow_request", lambda self, request, view: True)


@pytest.fixture(autouse=True)
def _what_all_pages_share_is_drawn_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Pages of refusal, and what the frame of every page counts, say the same to somebody on any address.

    The walk meets them some thousand times: drawn and counted for each person's first, and kept. Nor does
    anybody read a log of thousands of requests.
    """
    caplog.set_level("WARNING", logger="supportdesk.request")
    for name in ("desk_counts", "banner_of", "standing_notice", "desk_hours", "_unread"):
        monkeypatch.setattr(context, name, walk.asked_once(getattr(context, name)))
    monkeypatch.setattr(Template, "render", walk.drawn_once(Template.render, REFUSALS))


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Kept[World]:
    with django_db_blocker.unblock():
        return Kept(build_world, lambda world: [world.desk.tenant, world.umbra.tenant])


@pytest.fixture
def world(db: None, kept_world: Kept[World]) -> World:
    """Both desks in their first state, for each test anew."""
    return kept_world.put_back()


def behind_open_doors(role: str) -> list[Address]:
    """Addresses with ids whose door this role passes; all others are the business of `check_doors`."""
    return [a for a in with_ids(desk_addresses()) if role in DOORS[WHO[a.name]]]


def check_foreign_ids(world: World) -> None:
    """Ids of another tenant: nobody gets through, and nothing there changes."""
    before = walk.snapshot(world.umbra.tenant.pk)
    for role, client in browsers(world).items():
        for address in behind_open_doors(role):
            path = address.path(ids_for(address, world.foreign))
            for method in address.methods:
                if address.name in VERSIONED and address.arguments == ("pk", "number") and method != "get":
                    continue
                response = walk.call(client, address, method, path, {"body": "hello", "name": "x"})
                assert_refused(role, address, method, response)
    assert walk.snapshot(world.umbra.tenant.pk) == before


def check_neighbours_ids(world: World) -> None:
    """Ids of another customer of the same tenant: no contact gets through."""
    clients = browsers(world)
    with tenant_scope(world.desk.tenant.pk):
        before = walk.snapshot(world.desk.tenant.pk)
    for role in sorted(CONTACTS):
        for address in behind_open_doors(role):
            if address.name in OF_THE_WHOLE_DESK:
                continue
            path = address.path(ids_for(address, world.neighbour))
            for method in address.methods:
                response = walk.call(clients[role], address, method, path, {"body": "hello", "name": "x"})
                assert_refused(role, address, method, response)
    assert walk.snapshot(world.desk.tenant.pk) == before


def check_rows_of_tenants(world: World) -> None:
    """The database itself: in the scope of one desk no row of another, outside any none at all."""
    for model in walk.all_tenant_models():
        table = connection.ops.quote_name(model._meta.db_table)
        for scope in (world.desk.tenant.pk, None):
            with tenant_scope(scope), connection.cursor() as cursor:
                rows = f"SELECT count(*) FROM {table} WHERE tenant_id = %s"  # noqa: S608  a name of Django's own
                cursor.execute(rows, [world.umbra.tenant.pk])
                assert cursor.fetchone() == (0,), f"rows of another tenant in {table}"


def test_nothing_opens_with_ids_of_another_tenant(world: World) -> None:
    check_foreign_ids(world)


def test_no_contact_opens_anything_of_another_customer(world: World) -> None:
    check_neighbours_ids(world)


def test_database_shows_no_row_of_another_tenant(world: World) -> None:
    check_rows_of_tenants(world)


def check_doors(
    world: World, role: str, addresses: Iterable[Address] | None = None
) -> Iterator[tuple[Address, int]]:
    """Each door (all, unless some are named) with ids of one's own; yields what open ones answer.

    Whom a closed door stops it stops before anybody looks for the thing, so that it cannot matter whose id it
    is. Where something was looked for, the same is asked with everybody else's ids.
    """
    others = [world.foreign, world.neighbour] if role in CONTACTS else [world.foreign]
    client = browsers(world)[role]
    before = walk.snapshot(world.umbra.tenant.pk)
    for address in addresses or desk_addresses():
        if set(address.arguments) & SECRET_ARGUMENTS:
            continue
        path = address.path(ids_for(address, world.own))
        if role in DOORS[WHO[address.name]]:
            if "get" in address.methods:
                response = client.get(path)
                assert response.status_code not in {401, 403, 500}, f"{role} is kept from {address.name}"
                assert_holds_back(role, address, response)
                yield address, response.status_code
            continue
        further = {address.path(ids_for(address, ids)) for ids in others} - {path}
        for method in address.methods:
            with walk.tables_asked() as asked:
                assert_kept_out(role, client, address, method, path)
            for other in further if asked - OF_DOORS else ():
                assert_kept_out(role, client, address, method, other)
    assert walk.snapshot(world.umbra.tenant.pk) == before


def assert_kept_out(role: str, client: DeskClient, address: Address, method: str, path: str) -> None:
    response = walk.call(client, address, method, path, {"body": "hello", "name": "x"})
    assert_refused(role, address, method, response)


@pytest.mark.parametrize("role", [*sorted(STAFF - {"owner"}), *sorted(CONTACTS), "stranger", "anonymous"])
def test_roles_pass_their_doors_and_no_others(world: World, role: str) -> None:
    assert list(check_doors(world, role))


def test_owner_reaches_every_page_of_the_desk(world: World) -> None:
    """The walk means something only if its paths lead somewhere."""
    of_contacts = {"notification", "token", "feed key"}
    for address, status in check_doors(world, "owner"):
        if BY_ADDRESS.get(address.name) not in of_contacts:
            assert status in {200, 302, 303, 405}, f"{address.name}: {status}"


def test_hidden_files_stay_hidden(world: World) -> None:
    client = browser_of(world.desk.contact)
    assert client.get(f"/attachments/{world.own['attachment']}/").status_code == 200
    assert client.get(f"/attachments/{world.own['hidden attachment']}/").status_code == 404
    assert client.get(f"/api/v1/attachments/{world.own['hidden attachment']}/").status_code == 404


# ------------------------------------------------------------------------------------------ ids inside forms

FILED = {"subject": "Hello", "body": "Text", "priority": "low"}
BACKUP = {"name": "ERP", "part": "database", "grace_minutes": "60", "priority": "high"}
MAIL = {"name": "Mail"}
DAIRY = {"name": "Delta Dairy", "hosting_model": "shared"}
SILVER = {
    "name": "Silver",
    "position": "1",
    "calendar": "own calendar",
    "resolution_low_aim": "2",
    "resolution_low_limit": "4",
    "steps": "1",
    "step_0-metric": "resolution",
    "step_0-place": "limit",
}
WINDOW = {
    "title": "New version",
    "kind": "update",
    "impact": "none",
    "starts_at": "2031-01-06T09:00",
    "ends_at": "2031-01-06T11:00",
}
WINDOW_SENT = WINDOW | {"starts_at": "2031-01-06T09:00:00Z", "ends_at": "2031-01-06T11:00:00Z"}
MONITOR = {
    "name": "Backup",
    "kind": "heartbeat",
    "interval_seconds": "60",
    "timeout_seconds": "10",
    "failures_to_open": "2",
    "grace_seconds": "300",
    "impact": "down",
    "priority": "high",
}
WATCHED = {"name": "Backup", "kind": "heartbeat"}
ARTICLE = {"title": "x", "body": "x", "language": "en", "audience": "public"}
SOURCE = {"name": "Prometheus", "label": "service", "priority": "high"}
# What a field is sent as, where that is not its own name with the id as its value.
SENT_AS = {
    "StepForm.reassigns_to": ("step_0-reassigns_to", "{}"),
    "StepForm.tells a team": ("step_0-tell_team_{}", "on"),
    "StepForm.tells a rota": ("step_0-tell_on_call_{}", "on"),
}
# Fields that take an id: class and field → who sends which address, what else is needed, whose id is forged.
# A form inside a form says itself where the forged id stands.
FORGED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "PersonForm.person": ("contact", "/tickets/{ticket}/people/", {}, "contact"),
    "PersonInput.person": ("contact", "/api/v1/tickets/{ticket}/people/", {}, "contact"),
    "GroupForm.members": ("customer_admin", "/company/groups/", {"name": "Branch"}, "contact"),
    "NewTicketForm.category": ("contact", "/tickets/new/", FILED, "category"),
    "NewTicketForm.requester": ("agent", "/tickets/new/", FILED | {"category": "own category"}, "contact"),
    "AssignForm.assignee": ("agent", "/tickets/{ticket}/assign/", {"seen": ""}, "colleague"),
    "NewTicketForm.service": ("contact", "/tickets/new/", FILED | {"category": "own category"}, "service"),
    "TicketServiceForm.service": ("agent", "/tickets/{ticket}/service/", {}, "service"),
    "BackupJobForm.customer": ("admin", "/console/backups/new/", BACKUP, "customer"),
    "BackupJobForm.service": (
        "admin", "/console/backups/new/", BACKUP | {"customer": "own customer"}, "service",
    ),
    "BackupJobForm.requester": (
        "admin", "/console/backups/new/", BACKUP | {"customer": "own customer"}, "contact",
    ),
    "RestoreForm.requester": (
        "agent", "/backups/{backup}/restore/", {"what": "All", "priority": "high"}, "contact",
    ),
    "ContractInput.customer": ("admin", "/api/v1/contracts/", {"starts_on": "2031-01-01"}, "customer"),
    "ContractInput.plan": (
        "admin", "/api/v1/contracts/", {"starts_on": "2031-01-01", "customer": "own customer"}, "plan",
    ),
    "ContractInput.calendar": (
        "admin",
        "/api/v1/contracts/",
        {"starts_on": "2031-01-01", "customer": "own customer", "plan": "own plan"},
        "calendar",
    ),
    "ServiceForm.customer": ("admin", "/console/services/new/", MAIL | {"position": "0"}, "customer"),
    "ServiceForm.group": ("admin", "/console/services/new/", MAIL | {"position": "0"}, "service_group"),
    **{
        f"PurposesForm.{purpose}": ("admin", "/console/categories/purposes/", {"seen": ""}, "category")
        for purpose in ("alarm", "backup", "restore")
    },
    "TicketCategoryForm.category": ("agent", "/tickets/{ticket}/category/", {}, "category"),
    "CustomerForm.coordinator": ("admin", "/console/customers/new/", DAIRY, "colleague"),
    "CustomerInput.coordinator": ("admin", "/api/v1/customers/", DAIRY, "colleague"),
    "ContactGroupInput.members": (
        "customer_admin", "/api/v1/contact-groups/", {"name": "Branch", "members": ["forged"]}, "contact",
    ),
    "ConnectionInput.customer": (
        "admin",
        "/api/v1/sign-in-connections/",
        {
            "kind": "openid_connect", "name": "Bakery ID", "domains": ["bakery.example"],
            "issuer": "https://login.bakery.example", "client_id": "desk", "client_secret": "hush",
        },
        "customer",
    ),
    **{
        f"PurposesInput.{purpose}": (
            "admin",
            "/api/v1/categories/purposes/",
            {"alarm": None, "backup": None, "restore": None, "seen": "", purpose: "forged"},
            "category",
        )
        for purpose in ("alarm", "backup", "restore")
    },
    "PreviewInput.category": (
        "agent",
        "/api/v1/sla/preview",
        {"plan": "own plan", "priority": "low", "arrives_at": "2026-03-02T05:00:00Z"},
        "category",
    ),
    "MonitorForm.service": ("admin", "/console/monitors/new/", MONITOR, "service"),
    "MonitorForm.requester": (
        "admin", "/console/monitors/new/", MONITOR | {"service": "own service"}, "contact",
    ),
    "SourceForm.service": ("admin", "/console/alerts/new/", SOURCE, "service"),
    "SourceForm.requester": ("admin", "/console/alerts/new/", SOURCE, "contact"),
    "EditCustomerForm.coordinator": (
        "admin",
        "/console/customers/{customer}/edit/",
        DAIRY | {"is_active": "on", "seen_version": "1"},
        "colleague",
    ),
    "ConnectionForm.customer": (
        "admin",
        "/console/sign-in/new-oidc/",
        {
            "name": "Bakery ID", "domains": "bakery.example", "issuer": "https://login.bakery.example",
            "client_id": "desk", "client_secret": "hush",
        },
        "customer",
    ),
    "TeamInput.members": (
        "admin", "/api/v1/teams/", {"name": "Night watch", "members": ["forged"]}, "colleague",
    ),
    "InviteInput.customer": (
        "admin",
        "/api/v1/people/",
        {"name": "Zoe", "email": "zoe@bakery.example", "role": "member"},
        "customer",
    ),
    "TeamForm.members": ("admin", "/console/teams/new/", {"name": "Night watch"}, "colleague"),
    "WorkingHoursForm.calendar": (
        "agent", "/profile/working-hours/", {"works_by": "calendar", "seen_version": "0"}, "calendar",
    ),
    "HandOverForm.to": ("supervisor", "/people/{colleague}/hand-over/", {"how": "person"}, "colleague"),
    "HandOverForm.team": ("supervisor", "/people/{colleague}/hand-over/", {"how": "team"}, "team"),
    "WorkingHoursInput.calendar": (
        "supervisor", "/api/v1/people/{colleague}/working-hours/", {"seen": 0}, "calendar",
    ),
    "HandOverInput.to_person": ("supervisor", "/api/v1/people/{colleague}/hand-over/", {}, "colleague"),
    "HandOverInput.to_team": ("supervisor", "/api/v1/people/{colleague}/hand-over/", {}, "team"),
    "LeaveInput.to_person": ("admin", "/api/v1/people/{colleague}/deactivate/", {}, "colleague"),
    "LeaveInput.to_team": ("admin", "/api/v1/people/{colleague}/deactivate/", {}, "team"),
    "LeaveForm.to": ("admin", "/console/people/{colleague}/deactivate/", {"how": "person"}, "colleague"),
    "LeaveForm.team": ("admin", "/console/people/{colleague}/deactivate/", {"how": "team"}, "team"),
    "ContractForm.plan": (
        "admin", "/console/customers/{customer}/contracts/new/", {"starts_on": "2031-01-01"}, "plan",
    ),
    "ContractForm.calendar": (
        "admin",
        "/console/customers/{customer}/contracts/new/",
        {"starts_on": "2031-01-01", "plan": "own plan"},
        "calendar",
    ),
    "PlanForm.calendar": ("admin", "/console/plans/new/", {"name": "Silver", "position": "1"}, "calendar"),
    "PlanForm.emergency_rota": (
        "admin",
        "/console/plans/new/",
        {"name": "Silver", "position": "1", "calendar": "own calendar"},
        "rota",
    ),
    "TurnForm.person": (
        "admin",
        "/console/rotas/{rota}/turns/new/",
        {"starts_at": "2031-01-06T09:00", "ends_at": "2031-01-13T09:00", "position": "0"},
        "colleague",
    ),
    "TurnInput.person": (
        "admin",
        "/api/v1/rotas/{rota}/turns/",
        {"starts_at": "2031-01-06T09:00:00Z", "ends_at": "2031-01-13T09:00:00Z"},
        "colleague",
    ),
    "FillInput.people": (
        "admin",
        "/api/v1/rotas/{rota}/fill/",
        {"first_day": "2031-01-06", "turns": 4, "people": ["forged"]},
        "colleague",
    ),
    "NewArticleForm.section": ("agent", "/knowledge/new/", ARTICLE, "section"),
    "PlaceForm.section": (
        "supervisor",
        "/knowledge/{article}/place/",
        {"audience": "staff", "position": "0", "seen_version": "1"},
        "section",
    ),
    "ArticleInput.section": ("agent", "/api/v1/editions/", ARTICLE, "section"),
    "PlaceInput.section": (
        "supervisor",
        "/api/v1/articles/{article}/place/",
        {"audience": "staff", "position": 0, "seen": 1},
        "section",
    ),
    "FillForm.person_1": (
        "admin",
        "/console/rotas/{rota}/fill/",
        {"first_day": "2031-01-06", "first_time": "09:00", "changes": "week", "turns": "4", "position": "0"},
        "colleague",
    ),
    # A row of a ladder: SENT_AS has the names of its fields.
    "StepForm.reassigns_to": ("admin", "/console/plans/new/", SILVER, "colleague"),
    "StepForm.tells a team": ("admin", "/console/plans/new/", SILVER, "team"),
    "StepForm.tells a rota": ("admin", "/console/plans/new/", SILVER, "rota"),
    "StatusPageForm.services": (
        "admin", "/console/status/", {"visibility": "public", "seen_version": "0"}, "service",
    ),
    "FollowForm.services": ("contact", "/status/follow/", {"what": "chosen"}, "service"),
    "FollowingInput.services": (
        "contact", "/api/v1/status/following/", {"services": ["forged"]}, "service",
    ),
    "StatusSettingsInput.services": (
        "admin",
        "/api/v1/status/settings/edit/",
        {"visibility": "public", "about": "", "seen": 1, "services": ["forged"]},
        "service",
    ),
    "NewBackupInput.customer": ("admin", "/api/v1/backups/", BACKUP, "customer"),
    "NewBackupInput.service": (
        "admin", "/api/v1/backups/", BACKUP | {"customer": "own customer"}, "service",
    ),
    "NewBackupInput.requester": (
        "admin", "/api/v1/backups/", BACKUP | {"customer": "own customer"}, "contact",
    ),
    "RestoreInput.requester": ("agent", "/api/v1/backups/{backup}/restore/", {"what": "All"}, "contact"),
    "TicketInput.category": ("contact", "/api/v1/tickets/", FILED, "category"),
    "TicketInput.requester": ("agent", "/api/v1/tickets/", FILED | {"category": "own category"}, "contact"),
    "TicketInput.service": ("contact", "/api/v1/tickets/", FILED | {"category": "own category"}, "service"),
    "ServiceOfTicketInput.service": ("agent", "/api/v1/tickets/{ticket}/service/", {}, "service"),
    "NewServiceInput.customer": ("admin", "/api/v1/services/", MAIL, "customer"),
    "NewServiceInput.group": ("admin", "/api/v1/services/", MAIL, "service_group"),
    "PreviewInput.plan": (
        "agent", "/api/v1/sla/preview", {"priority": "low", "arrives_at": "2026-03-02T05:00:00Z"}, "plan",
    ),
    "PreviewInput.calendar": (
        "agent",
        "/api/v1/sla/preview",
        {"target": {"unit": "elapsed_time", "limit": 60}, "arrives_at": "2026-03-02T05:00:00Z"},
        "calendar",
    ),
    "MakeRoomInput.window": (
        "agent",
        "/api/v1/windows/{window}/extend/",
        {
            "ends_at": "2031-01-01T00:00:00Z",
            "moves": [{"window": "forged", "starts_at": "2031-01-01T00:00:00Z"}],
        },
        "window",
    ),
    "HitInput.service": (
        "agent",
        "/api/v1/outages/",
        {"title": "x", "text": "x", "services": [{"service": "forged", "impact": "down"}]},
        "service",
    ),
    "MonitorInput.service": ("admin", "/api/v1/monitors/", WATCHED, "service"),
    "MonitorInput.requester": ("admin", "/api/v1/monitors/", WATCHED | {"service": "own service"}, "contact"),
    "AlertSourceInput.service": ("admin", "/api/v1/alert-sources/", MAIL, "service"),
    "AlertSourceInput.requester": ("admin", "/api/v1/alert-sources/", MAIL, "contact"),
    # The services of a window stand in a list, as a form with several sends them.
    "WindowForm.services": ("agent", "/maintenance/new/", WINDOW, "service"),
    "WindowForm.responsible": (
        "agent", "/maintenance/new/", WINDOW | {"services": "own service"}, "colleague",
    ),
    "WindowInput.services": (
        "agent", "/api/v1/windows/", WINDOW_SENT | {"services": ["own service", "forged"]}, "service",
    ),
    "WindowInput.left_out": (
        "agent",
        "/api/v1/windows/",
        WINDOW_SENT | {"services": ["own service"], "left_out": ["forged"]},
        "customer",
    ),
    "WindowInput.responsible": (
        "agent", "/api/v1/windows/", WINDOW_SENT | {"services": ["own service"]}, "colleague",
    ),
    "AdjustForm.customer": (
        "agent", "/maintenance/{window}/customers/", {"change": "add", "seen": "1"}, "customer",
    ),
    "CategoryInput.category": ("agent", "/api/v1/tickets/{ticket}/category/", {}, "category"),
    "AssignInput.assignee": ("agent", "/api/v1/tickets/{ticket}/assign/", {}, "colleague"),
    "CalendarTermsInput.id": (
        "admin", "/api/v1/edits/", {"calendar": {"id": "forged", "version": 1, "name": "Hours"}}, "calendar",
    ),
    "PlanTermsInput.id": (
        "admin", "/api/v1/edits/", {"plan": {"id": "forged", "version": 1, "name": "Silver"}}, "plan",
    ),
    "PlanTermsInput.calendar": (
        "admin",
        "/api/v1/edits/",
        {"plan": {"id": "own plan", "version": 1, "calendar": "forged"}},
        "calendar",
    ),
    "PlanTermsInput.emergency_rota": (
        "admin",
        "/api/v1/edits/",
        {"plan": {"id": "own plan", "version": 1, "emergency_rota": "forged"}},
        "rota",
    ),
    "NewPlanInput.like": ("admin", "/api/v1/plans/", {"name": "Silver", "calendar": "own calendar"}, "plan"),
    "NewPlanInput.calendar": ("admin", "/api/v1/plans/", {"name": "Silver"}, "calendar"),
    "NewPlanInput.emergency_rota": (
        "admin", "/api/v1/plans/", {"name": "Silver", "calendar": "own calendar"}, "rota",
    ),
    "CategoryCoverageInput.category": (
        "admin",
        "/api/v1/edits/",
        {
            "plan": {
                "id": "own plan",
                "version": 1,
                "coverage": {"categories": [{"category": "forged", "coverage": "billable"}]},
            }
        },
        "category",
    ),
    "ContractTermsInput.id": (
        "admin", "/api/v1/edits/", {"contract": {"id": "forged", "starts_on": "2031-01-01"}}, "contract",
    ),
    "ContractTermsInput.plan": (
        "admin",
        "/api/v1/edits/",
        {"contract": {"id": "own contract", "starts_on": "2031-01-01", "plan": "forged"}},
        "plan",
    ),
    "ContractTermsInput.calendar": (
        "admin",
        "/api/v1/edits/",
        {"contract": {"id": "own contract", "starts_on": "2031-01-01", "calendar": "forged"}},
        "calendar",
    ),
}  # fmt: skip


def fields_that_take_ids() -> Iterator[str]:
    """Every field of ours, in forms and in the API, whose value is the id of a row."""
    for parent, kinds in (
        (forms.BaseForm, forms.ModelChoiceField),
        (serializers.Serializer, serializers.RelatedField),
    ):
        for form in _subclasses(parent):
            if form.__module__.split(".")[0] not in {
                "accounts",
                "notifications",
                "knowledge",
                "tickets",
                "sla",
                "maintenance",
                "hours",
                "reports",
                "supportdesk",
            }:
                continue
            declared = {**getattr(form, "base_fields", {}), **getattr(form, "_declared_fields", {})}
            for name, found in declared.items():
                if isinstance(found, kinds) and not getattr(found, "read_only", False):
                    yield f"{form.__name__}.{name}"


def _subclasses(parent: Any) -> Iterator[Any]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


def test_every_field_that_takes_an_id_is_known(world: World) -> None:
    inherited = {
        "EmergencyTermsForm": "PlanForm",
        "TicketUpload": "TicketInput",
        "ChangeCustomerInput": "CustomerInput",
        "ChangeContactGroupInput": "ContactGroupInput",
        "ServiceInput": "NewServiceInput",
        "BackupInput": "NewBackupInput",
        "ChangeBackupInput": "NewBackupInput",
        "ChangeServiceInput": "NewServiceInput",
        "WorkForm": "WindowForm",
        "WorkInput": "WindowInput",
        "SeriesInput": "WindowInput",
        "ChangeSeriesInput": "WindowInput",
        "SeriesForm": "WindowForm",
        "ChangeWindowInput": "WindowInput",
        "ChangeMonitorTermsInput": "MonitorInput",
        "ChangeMonitorInput": "MonitorInput",
        "ChangeAlertSourceInput": "AlertSourceInput",
        "AlarmInput": "AlertSourceInput",
        "StretchInput": "HitInput",
        "FindTimeForm": "WindowForm",  # the same field, asked by GET
        "SearchFilter": "NewArticleForm",  # likewise
        "PlanFields": "PlanTermsInput",
        "ChangeTurnInput": "TurnInput",
        "ChangeTeamInput": "TeamInput",
        "AlarmForm": "SourceForm",
    }
    found = {name.replace(*pair) for name in fields_that_take_ids() for pair in [_first(name, inherited)]}
    assert found - FORGED.keys() - ADMIN_SITE == set(), "say in FORGED how a forged id reaches these"


ADMIN_SITE: set[str] = set()


def _first(name: str, inherited: dict[str, str]) -> tuple[str, str]:
    return next(((old, new) for old, new in inherited.items() if name.startswith(old)), ("", ""))


def with_forged(value: Any, world: World, forged: Any) -> Any:
    """A body with the ids that its words stand for: "own plan", "forged"."""
    if isinstance(value, dict):
        return {key: with_forged(inner, world, forged) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_forged(inner, world, forged) for inner in value]
    if str(value).startswith("own "):
        return world.own[value.removeprefix("own ")]
    return forged if value == "forged" else value


def send_forged(world: World, client: DeskClient, field: str) -> Any:
    """Fill in that field with a foreign id, and all others as they should be."""
    _role, path, values, kind = FORGED[field]
    data = with_forged(values, world, world.foreign[kind])
    if data == with_forged(values, world, None):
        name, value = SENT_AS.get(field, (field.partition(".")[2], "{}"))
        data |= {name.format(world.foreign[kind]): value.format(world.foreign[kind])}
    where = path.format(**{key: value for key, value in world.own.ids.items() if key.isidentifier()})
    if not where.startswith("/api/"):
        return client.post(where, data)
    response = client.post(where, data, content_type="application/json")
    if response.status_code == 405:  # what is there once is put as a whole
        response = client.put(where, data, content_type="application/json")
    return response


def test_forged_ids_in_forms_are_refused(world: World) -> None:
    clients = browsers(world)
    before = walk.snapshot(world.desk.tenant.pk), walk.snapshot(world.umbra.tenant.pk)
    taken = {}
    for field, (role, path, *_) in FORGED.items():
        response = send_forged(world, clients[role], field)
        assert_holds_back(role, Address(field, path, (), ()), response)
        if response.status_code not in {400, 422}:
            taken[field] = response.status_code
    assert not taken
    assert (walk.snapshot(world.desk.tenant.pk), walk.snapshot(world.umbra.tenant.pk)) == before


# ----------------------------------------------------------------------------------------------- lists, tasks


def test_search_and_filters_find_nothing_of_others(world: World) -> None:
    agent, contact = browser_of(world.desk.agent), browser_of(world.desk.contact)
    number = world.foreign["ticket"]
    for words in (FOREIGN, f"{number}", f"UMBRA-{number}"):
        for path in ("/queue/", "/api/v1/tickets/"):
            assert f"{FOREIGN} " not in walk.body_of(agent.get(path, {"q": words}))
    for words in ("zzneighbour", "zzstaffonly"):
        for path in ("/tickets/", "/api/v1/tickets/"):
            text = walk.body_of(contact.get(path, {"q": words}))
            assert f"{words} " not in text
            assert "ours subject" not in text


def test_tasks_touch_the_tenant_that_they_were_given(world: World) -> None:
    celery.loader.import_default_modules()
    ours = {name: task for name, task in celery.tasks.items() if not name.startswith("celery.")}
    assert ours
    for name, task in ours.items():
        arguments = list(inspect.signature(task.run).parameters)
        assert arguments in ([], ["tenant_id"]), f"{name}: teach this test what its arguments stand for"
        if arguments:
            before = walk.snapshot(world.umbra.tenant.pk)
            task.run(world.desk.tenant.pk)
            assert walk.snapshot(world.umbra.tenant.pk) == before
    # A task leaves no scope behind for the next one on its connection.
    assert not Membership.objects.exists()


def test_own_memberships_are_all_that_is_seen_outside_a_desk(world: World) -> None:
    with tenant_scope(None, world.desk.owner.user_id):
        assert [m.pk for m in Membership.objects.all()] == [world.desk.owner.pk]
    with tenant_scope(None, User.objects.get(email="owner@umbra.example").pk):
        assert [m.pk for m in Membership.objects.all()] == [world.umbra.owner.pk]


# --------------------------------------------------------------------------------------------- planted faults


def test_a_missing_visible_to_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TicketQuerySet, "visible_to", lambda self, membership: self.all())
    with pytest.raises(AssertionError, match="contact"):
        check_neighbours_ids(world)


def test_a_door_that_refuses_only_ones_own_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_not_ours(_self: Any, request: Any, view: Any) -> bool:
        ours = Ticket.objects.filter(customer=request._request.membership.customer)
        return not ours.filter(number=view.kwargs["number"]).exists()

    door = [address for address in desk_addresses() if address.name == "api_time"]
    assert list(check_doors(world, "contact", door)) == []
    monkeypatch.setattr(TicketQuerySet, "visible_to", lambda self, membership: self.all())
    monkeypatch.setattr(IsStaffMember, "has_permission", is_not_ours)
    with pytest.raises(AssertionError, match="contact get api_time: 200"):
        list(check_doors(world, "contact", door))


def test_a_missing_policy_is_noticed(transactional_db: None, kept_world: Kept[World]) -> None:
    world = kept_world.put_back()
    check_rows_of_tenants(world)
    with row_security_off("tickets_ticket"), pytest.raises(AssertionError, match="tickets_ticket"):
        check_rows_of_tenants(world)
    with row_security_off("tickets_attachment"), pytest.raises(AssertionError, match="tickets_attachment"):
        check_rows_of_tenants(world)


@contextmanager
def row_security_off(table: str) -> Iterator[None]:
    """Take one table's wall away, as its owner, and put it back."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())
        try:
            yield
        finally:
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY".encode())


def test_numbers_of_two_desks_do_not_meet(db: None) -> None:
    desk, umbra = build_desk("acme"), build_desk("umbra")
    with tenant_scope(desk.tenant.pk):
        assert new_ticket(desk).number == 1001
    with tenant_scope(umbra.tenant.pk):
        assert new_ticket(umbra).number == 1001
