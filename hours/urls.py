"""Addresses of prepaid hours inside a desk."""

from django.urls import URLPattern, path

from hours.views import packs, statements, time

urlpatterns: list[URLPattern] = [
    path("hours/", statements.hours, name="hours"),
    path("hours/<int:customer_id>/", statements.customer_hours, name="customer_hours"),
    path("hours/<int:customer_id>/statement.csv", statements.hours_statement, name="hours_statement"),
    path("hours/<int:customer_id>/packs/new/", packs.sell_pack, name="sell_pack"),
    path("hours/<int:customer_id>/settings/", packs.hours_account, name="hours_account"),
    path("hours/packs/<int:pack_id>/edit/", packs.edit_pack, name="edit_pack"),
    path("hours/packs/<int:pack_id>/adjust/", packs.adjust_pack, name="adjust_pack"),
    path("tickets/<int:number>/time/", time.log_time, name="log_time"),
    path("hours/time/<int:entry_id>/void/", time.void_time, name="void_time"),
]
