"""Addresses of promises, below /api/v1/."""

from django.urls import path

from sla.api import emergencies, preview, views

urlpatterns = [
    path("tickets/<int:number>/clocks/", views.Clocks.as_view(), name="api_clocks"),
    path("tickets/<int:number>/emergencies/", emergencies.Emergencies.as_view(), name="api_emergencies"),
    path(
        "tickets/<int:number>/emergencies/acknowledge/",
        emergencies.Acknowledge.as_view(),
        name="api_acknowledge_emergency",
    ),
    path("tickets/<int:number>/emergencies/end/", emergencies.End.as_view(), name="api_end_emergency"),
    path("rotas/", emergencies.Rotas.as_view(), name="api_rotas"),
    path("rotas/<int:rota_id>/", emergencies.ShowRota.as_view(), name="api_rota"),
    path("plans/", views.Plans.as_view(), name="api_plans"),
    path("calendars/", views.Calendars.as_view(), name="api_calendars"),
    path("sla/preview", preview.Preview.as_view(), name="api_preview"),
]
