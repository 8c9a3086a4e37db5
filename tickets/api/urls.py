"""Addresses of tickets, below /api/v1/."""

from django.urls import path

from tickets.api import (
    approvals,
    catalogue,
    categories,
    handing_over,
    intake,
    intentions,
    people,
    ratings,
    rules,
    views,
)

urlpatterns = [
    path(
        "people/<int:colleague_id>/hand-over/",
        handing_over.HandOverOfPerson.as_view(),
        name="api_hand_over",
    ),
    path(
        "people/<int:colleague_id>/deactivate/",
        handing_over.DeactivatePerson.as_view(),
        name="api_deactivate_person",
    ),
    path("hand-overs/<int:hand_over_id>/", handing_over.ShowHandOver.as_view(), name="api_show_hand_over"),
    path("tickets/", views.Tickets.as_view(), name="api_tickets"),
    path("tickets/<int:number>/", views.ShowTicket.as_view(), name="api_ticket"),
    path("tickets/<int:number>/reply/", intentions.Reply.as_view(), name="api_reply_to_ticket"),
    path("tickets/<int:number>/note/", intentions.Note.as_view(), name="api_add_note"),
    path("tickets/<int:number>/assign/", intentions.Assign.as_view(), name="api_assign_ticket"),
    path("tickets/<int:number>/priority/", intentions.ChangePriority.as_view(), name="api_change_priority"),
    path("tickets/<int:number>/category/", rules.ChangeCategory.as_view(), name="api_change_category"),
    path("tickets/<int:number>/service/", rules.ChangeService.as_view(), name="api_change_service"),
    path("tickets/<int:number>/due/", rules.SetDue.as_view(), name="api_set_due"),
    path("tickets/<int:number>/due/clear/", rules.ClearDue.as_view(), name="api_clear_due"),
    path("tickets/<int:number>/merge/", rules.Merge.as_view(), name="api_merge_ticket"),
    path("tickets/<int:number>/split/", rules.Split.as_view(), name="api_split_ticket"),
    path("tickets/<int:number>/status/", intentions.ChangeStatus.as_view(), name="api_change_status"),
    path("tickets/<int:number>/resolve/", intentions.Resolve.as_view(), name="api_resolve_ticket"),
    path("tickets/<int:number>/reopen/", intentions.Reopen.as_view(), name="api_reopen_ticket"),
    path("tickets/<int:number>/approval/", approvals.AskApproval.as_view(), name="api_ask_approval"),
    path("approvals/", approvals.Approvals.as_view(), name="api_approvals"),
    path(
        "approvals/<int:approval_id>/decide/", approvals.DecideApproval.as_view(), name="api_decide_approval"
    ),
    path(
        "approvals/<int:approval_id>/withdraw/",
        approvals.WithdrawApproval.as_view(),
        name="api_withdraw_approval",
    ),
    path("tickets/<int:number>/people/", people.People.as_view(), name="api_ticket_people"),
    path(
        "tickets/<int:number>/people/<int:person_id>/remove/",
        people.RemovePerson.as_view(),
        name="api_remove_ticket_person",
    ),
    path("tickets/<int:number>/privacy/", people.Privacy.as_view(), name="api_change_ticket_privacy"),
    path("tickets/<int:number>/withdraw/", people.Withdraw.as_view(), name="api_withdraw_ticket"),
    path("tickets/<int:number>/close/", people.Close.as_view(), name="api_close_ticket"),
    path("tickets/<int:number>/rate/", ratings.Rate.as_view(), name="api_rate_ticket"),
    path("ratings/", ratings.Ratings.as_view(), name="api_ratings"),
    path("ratings/<int:rating_id>/follow-up/", ratings.FollowUp.as_view(), name="api_follow_up_rating"),
    path("tickets/<int:number>/events/", views.Events.as_view(), name="api_events"),
    path("attachments/<uuid:attachment_id>/", views.Download.as_view(), name="api_attachment"),
    path("services/", catalogue.Services.as_view(), name="api_services"),
    path("services/<int:service_id>/", catalogue.OneService.as_view(), name="api_service"),
    path("services/<int:service_id>/archive/", catalogue.Archive.as_view(), name="api_archive_service"),
    path("services/<int:service_id>/restore/", catalogue.Restore.as_view(), name="api_restore_service"),
    path("service-groups/", catalogue.Groups.as_view(), name="api_service_groups"),
    path("service-groups/<int:group_id>/", catalogue.OneGroup.as_view(), name="api_service_group"),
    path("categories/", categories.Categories.as_view(), name="api_categories"),
    path("categories/purposes/", categories.CategoryPurposes.as_view(), name="api_category_purposes"),
    path("categories/<int:category_id>/", categories.OneCategory.as_view(), name="api_category"),
    path(
        "categories/<int:category_id>/archive/",
        categories.ArchiveCategory.as_view(),
        name="api_archive_category",
    ),
    path(
        "categories/<int:category_id>/restore/",
        categories.RestoreCategory.as_view(),
        name="api_restore_category",
    ),
    path("categories/<int:category_id>/questions/", intake.Questions.as_view(), name="api_questions"),
]
