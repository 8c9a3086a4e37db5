"""The API of backups."""

from django.urls import URLPattern, path

from maintenance.api import backups

urlpatterns: list[URLPattern] = [
    path("backups/", backups.Backups.as_view(), name="api_backups"),
    path("backups/report/", backups.ReportRun.as_view(), name="api_report_backup"),
    path("backups/<int:job_id>/runs/", backups.Runs.as_view(), name="api_backup_runs"),
    path("backups/<int:job_id>/restore/", backups.Restore.as_view(), name="api_request_restore"),
]
