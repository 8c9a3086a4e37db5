"""The API of status."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
