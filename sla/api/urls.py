"""Addresses of promises, below /api/v1/."""

from django.urls import path

from sla.api import (
    chats,
    contracts,
    edits,
    emergencies,
    own_plan,
    preview,
    setup,
    statement,
    views,
    working_hours,
)

urlpatterns = [
    path("company/statement/", statement.CompanyStatement.as_view(), name="api_company_statement"),
    path("setup/", setup.Setup.as_view(), name="api_setup"),
    path("setup/begin/", setup.BeginSetup.as_view(), name="api_begin_setup"),
    path("setup/finish/", setup.FinishSetup.as_view(), name="api_finish_setup"),
    path("setup/look/", setup.ConfirmLook.as_view(), name="api_confirm_look"),
    path("setup/categories/", setup.TakeUsualCategories.as_view(), name="api_take_usual_categories"),
    path("setup/preset/", setup.BeginWithPreset.as_view(), name="api_begin_with_preset"),
    path("tickets/<int:number>/chat/", chats.AskForChat.as_view(), name="api_ask_for_chat"),
    path("tickets/<int:number>/clocks/", views.Clocks.as_view(), name="api_clocks"),
    path("tickets/<int:number>/emergencies/", emergencies.Emergencies.as_view(), name="api_emergencies"),
    path(
        "tickets/<int:number>/emergencies/acknowledge/",
        emergencies.Acknowledge.as_view(),
        name="api_acknowledge_emergency",
    ),
    path("tickets/<int:number>/emergencies/end/", emergencies.End.as_view(), name="api_end_emergency"),
    path("rotas/", emergencies.Rotas.as_view(), name="api_rotas"),
    path("rotas/<int:rota_id>/", emergencies.ShowRota.as_view(), name="api_rota"),
    path("plans/", views.Plans.as_view(), name="api_plans"),
    path("plans/publish/", own_plan.PublishPlans.as_view(), name="api_publish_plans"),
    path("plan/", own_plan.OwnPlan.as_view(), name="api_own_plan"),
    path(
        "people/<int:colleague_id>/working-hours/",
        working_hours.WorkingHoursOfPerson.as_view(),
        name="api_working_hours",
    ),
    path("calendars/", views.Calendars.as_view(), name="api_calendars"),
    path("contracts/", contracts.Contracts.as_view(), name="api_contracts"),
    path("contracts/<int:contract_id>/", contracts.OneContract.as_view(), name="api_contract"),
    path("edits/", edits.Edits.as_view(), name="api_edits"),
    path("edits/<int:edit_id>/", edits.ShowEdit.as_view(), name="api_edit"),
    path("edits/<int:edit_id>/effect/", edits.ShowEffect.as_view(), name="api_edit_effect"),
    path("edits/<int:edit_id>/moves/", edits.ListMoves.as_view(), name="api_edit_moves"),
    path("edits/<int:edit_id>/apply/", edits.Apply.as_view(), name="api_apply_edit"),
    path("edits/<int:edit_id>/cancel/", edits.Cancel.as_view(), name="api_cancel_edit"),
    path("edits/<int:edit_id>/undo/", edits.Undo.as_view(), name="api_undo_edit"),
    path("sla/preview", preview.Preview.as_view(), name="api_preview"),
]
