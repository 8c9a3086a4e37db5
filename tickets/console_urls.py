"""Addresses of the settings about tickets."""

from django.urls import path

from tickets.views import categories

urlpatterns = [
    path("console/categories/", categories.console_categories, name="console_categories"),
    path("console/categories/new/", categories.new_category, name="new_category"),
    path("console/categories/<int:pk>/edit/", categories.edit_category, name="edit_category"),
    path(
        "console/categories/<int:pk>/archive/",
        categories.archive_or_restore_category,
        name="archive_category",
    ),
]
