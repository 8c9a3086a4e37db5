"""Addresses of windows inside a desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
