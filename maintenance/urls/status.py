"""Addresses of status inside a desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
