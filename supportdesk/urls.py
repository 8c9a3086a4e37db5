"""Addresses of the site itself: log-in, operators' pages. A desk's own are in `tenant_urls`."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.admin import operators

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.site_urls")),
    path("admin/", operators.urls),
]
