"""Addresses of promises, below /api/v1/."""

from django.urls import path

from sla.api import views

urlpatterns = [
    path("tickets/<int:number>/clocks/", views.Clocks.as_view(), name="api_clocks"),
    path("plans/", views.Plans.as_view(), name="api_plans"),
    path("calendars/", views.Calendars.as_view(), name="api_calendars"),
]
