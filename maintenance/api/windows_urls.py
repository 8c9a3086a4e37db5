"""The API of windows."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
