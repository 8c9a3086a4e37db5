"""The API of windows."""

from django.urls import URLPattern, path

from maintenance.api import windows

ONE = "windows/<int:window_id>/"

urlpatterns: list[URLPattern] = [
    path("windows/", windows.Windows.as_view(), name="api_windows"),
    path("windows/times/", windows.Slots.as_view(), name="api_find_time"),
    path(ONE, windows.ShowWindow.as_view(), name="api_window"),
    path(f"{ONE}schedule/", windows.Schedule.as_view(), name="api_schedule_window"),
    path(f"{ONE}move/", windows.Move.as_view(), name="api_move_window"),
    path(f"{ONE}extend/", windows.Extend.as_view(), name="api_extend_window"),
    path(f"{ONE}start/", windows.Start.as_view(), name="api_start_window"),
    path(f"{ONE}complete/", windows.Complete.as_view(), name="api_complete_window"),
    path(f"{ONE}cancel/", windows.Cancel.as_view(), name="api_cancel_window"),
    path(f"{ONE}log/", windows.Log.as_view(), name="api_log_work"),
]
