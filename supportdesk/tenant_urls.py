"""Addresses of one desk, served under `/t/<slug>/` and at the desk's own host name alike."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tickets.urls")),
    path("", include("notifications.urls")),
    path("", include("knowledge.urls")),
    path("", include("accounts.urls")),
    path("", include("sla.urls")),
    path("", include("maintenance.urls")),
    path("", include("hours.urls")),
    path("", include("reports.urls")),
    path("", include("tickets.console_urls")),
    path("", include("accounts.console_urls")),
    path("", include("notifications.console_urls")),
    path("api/v1/", include("supportdesk.api_urls")),
]
