"""Addresses of outages inside a desk."""

from django.urls import URLPattern, path

from maintenance.views import availability, monitors, outage_opening, outages

urlpatterns: list[URLPattern] = [
    path("outages/", outages.outages, name="outages"),
    path("outages/new/", outage_opening.new_outage, name="new_outage"),
    path("outages/<int:outage_id>/", outages.outage, name="outage"),
    path("outages/<int:outage_id>/edit/", outages.edit_outage, name="edit_outage"),
    path("outages/<int:outage_id>/update/", outages.update_outage, name="update_outage"),
    path("outages/<int:outage_id>/end/", outages.end_outage, name="end_outage"),
    path("outages/<int:outage_id>/tickets/", outages.link_outage_tickets, name="link_outage_tickets"),
    path(
        "outages/<int:outage_id>/tickets/<int:number>/unlink/",
        outages.unlink_outage_ticket,
        name="unlink_outage_ticket",
    ),
    path("outages/<int:outage_id>/answer/", outages.answer_outage_tickets, name="answer_outage_tickets"),
    path("beat/<str:secret>/", monitors.beat, name="beat"),
    path("console/monitors/", monitors.console_monitors, name="console_monitors"),
    path("console/monitors/new/", monitors.new_monitor, name="new_monitor"),
    path("console/monitors/<int:pk>/edit/", monitors.edit_monitor, name="edit_monitor"),
    path("console/monitors/<int:pk>/pause/", monitors.pause_monitor, name="pause_monitor"),
    path("console/monitors/<int:pk>/archive/", monitors.archive_monitor, name="archive_monitor"),
    path("console/monitors/<int:pk>/renew/", monitors.renew_heartbeat, name="renew_heartbeat"),
    path("console/alerts/", monitors.console_alert_sources, name="console_alert_sources"),
    path("console/alerts/new/", monitors.new_alert_source, name="new_alert_source"),
    path("console/alerts/<int:pk>/edit/", monitors.edit_alert_source, name="edit_alert_source"),
    path("console/alerts/<int:pk>/revoke/", monitors.revoke_alert_source, name="revoke_alert_source"),
    path("availability/", availability.availability, name="availability"),
]
