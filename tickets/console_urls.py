"""Addresses of the settings about tickets."""

from django.urls import path

from tickets.views import categories, intake, services

urlpatterns = [
    path("console/categories/", categories.console_categories, name="console_categories"),
    path("console/categories/new/", categories.new_category, name="new_category"),
    path("console/categories/purposes/", categories.category_purposes, name="category_purposes"),
    path("console/categories/<int:pk>/edit/", categories.edit_category, name="edit_category"),
    path(
        "console/categories/<int:pk>/archive/",
        categories.archive_or_restore_category,
        name="archive_category",
    ),
    path("console/categories/<int:pk>/questions/", intake.edit_intake_form, name="edit_intake_form"),
    path("console/services/", services.console_services, name="console_services"),
    path("console/services/new/", services.new_service, name="new_service"),
    path("console/services/<int:pk>/edit/", services.edit_service, name="edit_service"),
    path("console/services/<int:pk>/archive/", services.archive_or_restore_service, name="archive_service"),
    path("console/services/groups/new/", services.new_service_group, name="new_service_group"),
    path("console/services/groups/<int:pk>/edit/", services.edit_service_group, name="edit_service_group"),
    path(
        "console/services/groups/<int:pk>/remove/",
        services.remove_service_group,
        name="remove_service_group",
    ),
]
