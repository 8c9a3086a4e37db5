"""Addresses of prepaid hours, below /api/v1/."""

from django.urls import URLPattern, path

from hours.api import views

urlpatterns: list[URLPattern] = [
    path("customers/<int:customer_id>/hours/", views.CustomerHours.as_view(), name="api_hours"),
    path(
        "customers/<int:customer_id>/hours/statement/",
        views.HoursStatement.as_view(),
        name="api_hours_statement",
    ),
    path(
        "customers/<int:customer_id>/hours/settings/", views.ChangeAccount.as_view(), name="api_hours_account"
    ),
    path("customers/<int:customer_id>/packs/", views.SellPack.as_view(), name="api_sell_pack"),
    path("packs/<int:pack_id>/", views.ChangePack.as_view(), name="api_change_pack"),
    path("packs/<int:pack_id>/adjust/", views.AdjustPack.as_view(), name="api_adjust_pack"),
    path("tickets/<int:number>/time/", views.Time.as_view(), name="api_time"),
    path("time/<int:entry_id>/void/", views.VoidTime.as_view(), name="api_void_time"),
]
