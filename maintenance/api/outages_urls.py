"""The API of outages."""

from django.urls import URLPattern, path

from maintenance.api import alerts, availability, outages

urlpatterns: list[URLPattern] = [
    path("outages/", outages.Outages.as_view(), name="api_outages"),
    path("outages/<int:outage_id>/", outages.ShowOutage.as_view(), name="api_outage"),
    path("outages/<int:outage_id>/edit/", outages.EditOutage.as_view(), name="api_edit_outage"),
    path(
        "outages/<int:outage_id>/tickets/<int:number>/unlink/",
        outages.UnlinkTicket.as_view(),
        name="api_unlink_outage_ticket",
    ),
    path("monitors/", outages.Monitors.as_view(), name="api_monitors"),
    path("outages/<int:outage_id>/update/", outages.UpdateOutage.as_view(), name="api_update_outage"),
    path("outages/<int:outage_id>/end/", outages.EndOutage.as_view(), name="api_end_outage"),
    path("outages/<int:outage_id>/tickets/", outages.LinkTickets.as_view(), name="api_link_outage_tickets"),
    path(
        "outages/<int:outage_id>/answer/", outages.AnswerTickets.as_view(), name="api_answer_outage_tickets"
    ),
    path("alerts/", alerts.TakeAlerts.as_view(), name="api_alerts"),
    path("availability/", availability.Availability.as_view(), name="api_availability"),
]
