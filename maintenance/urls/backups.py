"""Addresses of backups inside a desk."""

from django.urls import URLPattern, path

from maintenance.views import backups, console_backups

urlpatterns: list[URLPattern] = [
    path("backups/", backups.backups, name="backups"),
    path("backups/<int:pk>/", backups.backup, name="backup"),
    path("backups/<int:pk>/restore/", backups.ask_for_restore, name="ask_for_restore"),
    path("backups/beat/<str:token>/", backups.beat_backup, name="beat_backup"),
    path("restores/<int:number>/", backups.restore, name="restore"),
    path("restores/steps/<int:pk>/tick/", backups.tick_restore_step, name="tick_restore_step"),
    path("console/backups/", console_backups.console_backups, name="console_backups"),
    path("console/backups/new/", console_backups.new_backup, name="new_backup"),
    path("console/backups/<int:pk>/edit/", console_backups.edit_backup, name="edit_backup"),
    path(
        "console/backups/<int:pk>/archive/", console_backups.archive_or_restore_backup, name="archive_backup"
    ),
    path("console/backups/<int:pk>/token/", console_backups.renew_backup_token, name="renew_backup_token"),
]
