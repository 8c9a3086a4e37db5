"""The API of backups and restores."""

from django.urls import URLPattern, path

from maintenance.api import backup_jobs, backup_reports, restores

urlpatterns: list[URLPattern] = [
    path("backups/", backup_jobs.Backups.as_view(), name="api_backups"),
    path("backups/report/", backup_reports.ReportRun.as_view(), name="api_report_backup"),
    path("backups/<int:job_id>/", backup_jobs.OneBackup.as_view(), name="api_backup"),
    path("backups/<int:job_id>/archive/", backup_jobs.ArchiveBackup.as_view(), name="api_archive_backup"),
    path("backups/<int:job_id>/watch/", backup_jobs.WatchBackup.as_view(), name="api_watch_backup"),
    path(
        "backups/<int:job_id>/token/", backup_jobs.RenewBackupToken.as_view(), name="api_renew_backup_token"
    ),
    path("backups/<int:job_id>/runs/", backup_jobs.Runs.as_view(), name="api_backup_runs"),
    path("backups/<int:job_id>/restore/", restores.Restore.as_view(), name="api_request_restore"),
    path("restores/<int:number>/", restores.ShowRestore.as_view(), name="api_restore"),
    path("restores/steps/<int:step_id>/", restores.TickRestoreStep.as_view(), name="api_tick_restore_step"),
]
