"""Addresses of downloads of own data inside a desk."""

from django.urls import URLPattern, path

from reports.views import downloads

urlpatterns: list[URLPattern] = [
    path("downloads/", downloads.downloads, name="downloads"),
    path("downloads/new/", downloads.request_download, name="request_download"),
    path("downloads/<uuid:download_id>/", downloads.download_file, name="download_file"),
]
