"""Addresses of the site itself: log-in, operators' pages, health. A desk's own are in `tenant_urls`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.site_urls")),
    path("admin/", admin.site.urls),
]
