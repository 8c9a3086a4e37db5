"""The API of services at work."""

from django.urls import URLPattern

from maintenance.api import backups_urls, outages_urls, status_urls, windows_urls

urlpatterns: list[URLPattern] = [
    *windows_urls.urlpatterns,
    *outages_urls.urlpatterns,
    *status_urls.urlpatterns,
    *backups_urls.urlpatterns,
]
