"""The API of outages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
