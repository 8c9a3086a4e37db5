"""The API of windows."""

from django.urls import URLPattern, path

from maintenance.api import find_time, notice_report, series, window_work, windows

ONE = "windows/<int:window_id>/"

urlpatterns: list[URLPattern] = [
    path("windows/", windows.Windows.as_view(), name="api_windows"),
    path("windows/times/", find_time.Slots.as_view(), name="api_find_time"),
    path("windows/notice/", notice_report.NoticeReport.as_view(), name="api_notice_report"),
    path("windows/series/", series.AllSeries.as_view(), name="api_all_series"),
    path("windows/series/<int:series_id>/", series.ShowSeries.as_view(), name="api_series"),
    path("windows/series/<int:series_id>/end/", series.EndSeries.as_view(), name="api_end_series"),
    path(ONE, windows.ShowWindow.as_view(), name="api_window"),
    path(f"{ONE}schedule/", windows.Schedule.as_view(), name="api_schedule_window"),
    path(f"{ONE}move/", windows.Move.as_view(), name="api_move_window"),
    path(f"{ONE}extend/", windows.Extend.as_view(), name="api_extend_window"),
    path(f"{ONE}start/", windows.Start.as_view(), name="api_start_window"),
    path(f"{ONE}complete/", windows.Complete.as_view(), name="api_complete_window"),
    path(f"{ONE}cancel/", windows.Cancel.as_view(), name="api_cancel_window"),
    path(f"{ONE}log/", window_work.Log.as_view(), name="api_log_work"),
    path(f"{ONE}checklist/<int:item_id>/", window_work.Tick.as_view(), name="api_tick_item"),
    path(f"{ONE}tickets/", window_work.LinkTickets.as_view(), name="api_link_window_tickets"),
    path(
        f"{ONE}tickets/<int:number>/unlink/",
        window_work.UnlinkTicket.as_view(),
        name="api_unlink_window_ticket",
    ),
    path(f"{ONE}tell/", window_work.TellTickets.as_view(), name="api_tell_window_tickets"),
]
