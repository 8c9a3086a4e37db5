"""Addresses of one desk, served under `/t/<slug>/` and at the desk's own host name alike."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
