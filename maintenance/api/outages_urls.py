"""The API of outages."""

from django.urls import URLPattern, path

from maintenance.api import alert_sources, alerts, availability, monitors, outages

urlpatterns: list[URLPattern] = [
    path("outages/", outages.Outages.as_view(), name="api_outages"),
    path("outages/<int:outage_id>/", outages.ShowOutage.as_view(), name="api_outage"),
    path("outages/<int:outage_id>/edit/", outages.EditOutage.as_view(), name="api_edit_outage"),
    path(
        "outages/<int:outage_id>/tickets/<int:number>/unlink/",
        outages.UnlinkTicket.as_view(),
        name="api_unlink_outage_ticket",
    ),
    path("monitors/", monitors.Monitors.as_view(), name="api_monitors"),
    path("monitors/<int:monitor_id>/", monitors.OneMonitor.as_view(), name="api_monitor"),
    path("monitors/<int:monitor_id>/pause/", monitors.Pause.as_view(), name="api_pause_monitor"),
    path("monitors/<int:monitor_id>/resume/", monitors.Resume.as_view(), name="api_resume_monitor"),
    path("monitors/<int:monitor_id>/archive/", monitors.Archive.as_view(), name="api_archive_monitor"),
    path("monitors/<int:monitor_id>/restore/", monitors.Restore.as_view(), name="api_restore_monitor"),
    path("monitors/<int:monitor_id>/renew/", monitors.Renew.as_view(), name="api_renew_heartbeat"),
    path("alert-sources/", alert_sources.AlertSources.as_view(), name="api_alert_sources"),
    path("alert-sources/<int:source_id>/", alert_sources.OneAlertSource.as_view(), name="api_alert_source"),
    path(
        "alert-sources/<int:source_id>/revoke/",
        alert_sources.RevokeAlertSource.as_view(),
        name="api_revoke_alert_source",
    ),
    path("outages/<int:outage_id>/update/", outages.UpdateOutage.as_view(), name="api_update_outage"),
    path("outages/<int:outage_id>/end/", outages.EndOutage.as_view(), name="api_end_outage"),
    path("outages/<int:outage_id>/tickets/", outages.LinkTickets.as_view(), name="api_link_outage_tickets"),
    path(
        "outages/<int:outage_id>/answer/", outages.AnswerTickets.as_view(), name="api_answer_outage_tickets"
    ),
    path("alerts/", alerts.TakeAlerts.as_view(), name="api_alerts"),
    path("availability/", availability.Availability.as_view(), name="api_availability"),
]
