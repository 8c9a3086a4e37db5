"""Addresses of promises, below /api/v1/."""

from django.urls import path

from sla.api import preview, views

urlpatterns = [
    path("tickets/<int:number>/clocks/", views.Clocks.as_view(), name="api_clocks"),
    path("plans/", views.Plans.as_view(), name="api_plans"),
    path("calendars/", views.Calendars.as_view(), name="api_calendars"),
    path("sla/preview", preview.Preview.as_view(), name="api_preview"),
]
