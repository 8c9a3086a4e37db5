"""Addresses of outages inside a desk."""

from django.urls import URLPattern, path

from maintenance.views import availability, outages

urlpatterns: list[URLPattern] = [
    path("outages/", outages.outages, name="outages"),
    path("outages/new/", outages.new_outage, name="new_outage"),
    path("outages/<int:outage_id>/", outages.outage, name="outage"),
    path("outages/<int:outage_id>/edit/", outages.edit_outage, name="edit_outage"),
    path("outages/<int:outage_id>/update/", outages.update_outage, name="update_outage"),
    path("outages/<int:outage_id>/end/", outages.end_outage, name="end_outage"),
    path("outages/<int:outage_id>/tickets/", outages.link_outage_tickets, name="link_outage_tickets"),
    path(
        "outages/<int:outage_id>/tickets/<int:number>/unlink/",
        outages.unlink_outage_ticket,
        name="unlink_outage_ticket",
    ),
    path("outages/<int:outage_id>/answer/", outages.answer_outage_tickets, name="answer_outage_tickets"),
    path("availability/", availability.availability, name="availability"),
]
