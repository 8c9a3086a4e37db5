"""Addresses of services at work, inside a desk; staff, customers and the public share them."""

from django.urls import URLPattern

from maintenance.urls import backups, outages, status, windows

urlpatterns: list[URLPattern] = [
    *windows.urlpatterns,
    *outages.urlpatterns,
    *status.urlpatterns,
    *backups.urlpatterns,
]
