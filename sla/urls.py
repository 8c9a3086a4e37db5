"""Addresses of the settings about promises."""

from django.urls import path

from sla.views import (
    calendars,
    chats,
    contracts,
    edits,
    emergencies,
    overview,
    plan_editing,
    plan_pages,
    plans,
    rotas,
    simulator,
    statement,
    turns,
)

urlpatterns = [
    path("plan/", plan_pages.own_plan, name="own_plan"),
    path("plans/", plan_pages.public_plans, name="public_plans"),
    path("tickets/<int:number>/chat/", chats.chat, name="ask_for_chat"),
    path("company/statement/", statement.company_statement, name="company_statement"),
    path("company/statement/csv/", statement.company_statement_file, name="company_statement_file"),
    path("console/", overview.console, name="console"),
    path("console/calendars/", calendars.console_calendars, name="console_calendars"),
    path("console/calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("console/calendars/<int:pk>/", calendars.console_calendar, name="console_calendar"),
    path("console/calendars/<int:pk>/edit/", calendars.edit_calendar, name="edit_calendar"),
    path(
        "console/calendars/<int:pk>/archive/", calendars.archive_or_restore_calendar, name="archive_calendar"
    ),
    path(
        "console/calendars/<int:pk>/versions/<int:number>/",
        calendars.console_calendar_version,
        name="console_calendar_version",
    ),
    path("console/calendars/<int:pk>/simulator/", simulator.simulate_calendar, name="calendar_simulator"),
    path("console/plans/", plans.console_plans, name="console_plans"),
    path("console/plans/compare/", plan_pages.compare_plans, name="compare_plans"),
    path("console/plans/publish/", plan_pages.publish, name="publish_plans"),
    path("console/plans/new/", plan_editing.new_plan, name="new_plan"),
    path("console/plans/<int:pk>/", plans.console_plan, name="console_plan"),
    path("console/plans/<int:pk>/simulator/", simulator.simulate_plan, name="plan_simulator"),
    path("console/plans/<int:pk>/edit/", plan_editing.edit_plan, name="edit_plan"),
    path("console/plans/<int:pk>/archive/", plans.archive_or_restore_plan, name="archive_plan"),
    path(
        "console/plans/<int:pk>/versions/<int:number>/",
        plans.console_plan_version,
        name="console_plan_version",
    ),
    path("console/customers/<int:pk>/contracts/new/", contracts.new_contract, name="new_contract"),
    path("console/contracts/<int:pk>/end/", contracts.edit_contract_end, name="edit_contract_end"),
    path("console/contracts/<int:pk>/change/", contracts.change_contract, name="change_contract"),
    path("console/contracts/<int:pk>/withdraw/", contracts.withdraw, name="withdraw_contract"),
    path("console/edits/<int:pk>/", edits.console_edit, name="console_edit"),
    path("console/edits/<int:pk>/effect/", edits.edit_effect, name="edit_effect"),
    path("console/edits/<int:pk>/apply/", edits.apply_draft, name="apply_edit"),
    path("console/edits/<int:pk>/discard/", edits.discard_edit, name="discard_edit"),
    path("console/edits/<int:pk>/cancel/", edits.stop_edit, name="cancel_edit"),
    path("console/edits/<int:pk>/undo/", edits.undo_applied_edit, name="undo_edit"),
    path("console/rotas/", rotas.console_rotas, name="console_rotas"),
    path("console/rotas/new/", rotas.new_rota, name="new_rota"),
    path("console/rotas/<int:pk>/", rotas.console_rota, name="console_rota"),
    path("console/rotas/<int:pk>/edit/", rotas.edit_rota, name="edit_rota"),
    path("console/rotas/<int:pk>/archive/", rotas.archive_or_restore_rota, name="archive_rota"),
    path("console/rotas/<int:pk>/fill/", turns.fill_rota, name="fill_rota"),
    path("console/rotas/<int:pk>/turns/new/", turns.new_turn, name="new_turn"),
    path("console/turns/<int:pk>/edit/", turns.edit_turn, name="edit_turn"),
    path("console/turns/<int:pk>/remove/", turns.delete_turn, name="remove_turn"),
    path("tickets/<int:number>/emergency/", emergencies.declare, name="declare_emergency"),
    path(
        "tickets/<int:number>/emergency/acknowledge/", emergencies.acknowledge, name="acknowledge_emergency"
    ),
    path("tickets/<int:number>/emergency/end/", emergencies.end, name="end_emergency"),
]
