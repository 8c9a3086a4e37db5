"""Addresses of tickets, below /api/v1/."""

from django.urls import path

from tickets.api import intentions, views

urlpatterns = [
    path("tickets/", views.Tickets.as_view(), name="api_tickets"),
    path("tickets/<int:number>/", views.ShowTicket.as_view(), name="api_ticket"),
    path("tickets/<int:number>/reply/", intentions.Reply.as_view(), name="api_reply_to_ticket"),
    path("tickets/<int:number>/note/", intentions.Note.as_view(), name="api_add_note"),
    path("tickets/<int:number>/assign/", intentions.Assign.as_view(), name="api_assign_ticket"),
    path("tickets/<int:number>/priority/", intentions.ChangePriority.as_view(), name="api_change_priority"),
    path("tickets/<int:number>/status/", intentions.ChangeStatus.as_view(), name="api_change_status"),
    path("tickets/<int:number>/resolve/", intentions.Resolve.as_view(), name="api_resolve_ticket"),
    path("tickets/<int:number>/reopen/", intentions.Reopen.as_view(), name="api_reopen_ticket"),
    path("tickets/<int:number>/events/", views.Events.as_view(), name="api_events"),
    path("attachments/<uuid:attachment_id>/", views.Download.as_view(), name="api_attachment"),
    path("categories/", views.Categories.as_view(), name="api_categories"),
]
