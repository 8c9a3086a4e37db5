"""Addresses of tickets inside a desk; staff and customers share them."""

from django.urls import path

from tickets.views import (
    articles,
    conversation,
    due,
    files,
    filing,
    handling,
    merging,
    portal,
    queue,
    splitting,
    ticket,
)

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("tickets/", portal.tickets, name="tickets"),
    path("tickets/new/", filing.new_ticket, name="new_ticket"),
    path("tickets/<int:number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/reply/", conversation.reply_to_ticket, name="reply_to_ticket"),
    path("tickets/<int:number>/note/", conversation.add_note, name="add_note"),
    path("tickets/<int:number>/assign/", handling.assign_ticket, name="assign_ticket"),
    path("tickets/<int:number>/priority/", handling.change_priority, name="change_priority"),
    path("tickets/<int:number>/category/", handling.change_category, name="change_category"),
    path("tickets/<int:number>/service/", handling.change_service, name="change_service"),
    path("tickets/<int:number>/due/", due.set_due, name="set_due"),
    path("tickets/<int:number>/due/clear/", due.clear_due, name="clear_due"),
    path("tickets/<int:number>/merge/", merging.merge_ticket, name="merge_ticket"),
    path("tickets/<int:number>/split/<int:message_id>/", splitting.split_ticket, name="split_ticket"),
    path("tickets/<int:number>/status/", handling.change_status, name="change_status"),
    path("tickets/<int:number>/resolve/", handling.resolve_ticket, name="resolve_ticket"),
    path("tickets/<int:number>/reopen/", handling.reopen_ticket, name="reopen_ticket"),
    path("tickets/<int:number>/articles/", articles.ticket_articles, name="ticket_articles"),
    path(
        "tickets/<int:number>/articles/new/<int:message_id>/",
        articles.article_of_answer,
        name="article_of_answer",
    ),
    path("attachments/<uuid:pk>/", files.attachment, name="attachment"),
]
