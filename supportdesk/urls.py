"""Addresses of the site itself: log-in, operators' pages. A desk's own are in `tenant_urls`."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.admin import operators
from sla.views.new_desk import new_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.site_urls")),
    path("desks/new/", new_desk, name="new_desk"),
    path("admin/", operators.urls),
]
