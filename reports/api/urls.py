"""Addresses of downloads of own data, below /api/v1/."""

from django.urls import URLPattern, path

from reports.api import views

urlpatterns: list[URLPattern] = [
    path("downloads/", views.Downloads.as_view(), name="api_downloads"),
    path("downloads/<uuid:download_id>/", views.OneDownload.as_view(), name="api_download"),
    path("downloads/<uuid:download_id>/file/", views.DownloadFile.as_view(), name="api_download_file"),
]
