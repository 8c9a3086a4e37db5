"""Addresses of windows inside a desk; staff and customers share those of the list and of one window."""

from django.urls import URLPattern, path

from maintenance.views import (
    find_time,
    notice_report,
    series,
    window_customers,
    window_drafting,
    window_planning,
    window_running,
    windows,
)

ONE = "maintenance/<int:window_id>/"
SERIES = "maintenance/recurring/<int:series_id>/"

urlpatterns: list[URLPattern] = [
    path("maintenance/", windows.windows, name="windows"),
    path("maintenance/new/", window_drafting.new_window, name="new_window"),
    path("maintenance/find-a-time/", find_time.find_a_time, name="find_time"),
    path("maintenance/notice/", notice_report.notice_report, name="notice_report"),
    path("maintenance/recurring/", series.series_list, name="series_list"),
    path("maintenance/recurring/new/", series.new_series, name="new_series"),
    path(SERIES, series.series, name="series"),
    path(f"{SERIES}edit/", series.edit_series, name="edit_series"),
    path(f"{SERIES}end/", series.end_series, name="end_series"),
    path(ONE, windows.window, name="window"),
    path(f"{ONE}calendar.ics", windows.window_file, name="window_file"),
    path(f"{ONE}edit/", window_drafting.edit_window, name="edit_window"),
    path(f"{ONE}schedule/", window_planning.schedule_window, name="schedule_window"),
    path(f"{ONE}move/", window_planning.move_window, name="move_window"),
    path(f"{ONE}extend/", window_planning.extend_window, name="extend_window"),
    path(f"{ONE}cancel/", window_planning.cancel_window, name="cancel_window"),
    path(f"{ONE}start/", window_running.start_window, name="start_window"),
    path(f"{ONE}complete/", window_running.complete_window, name="complete_window"),
    path(f"{ONE}log/", window_running.log_work, name="log_work"),
    path(f"{ONE}checklist/<int:item_id>/", window_running.tick_item, name="tick_item"),
    path(f"{ONE}tickets/link/", window_running.link_window_ticket, name="link_window_ticket"),
    path(f"{ONE}tickets/tell/", window_running.tell_window_tickets, name="tell_window_tickets"),
    path(
        f"{ONE}tickets/<int:number>/unlink/",
        window_running.unlink_window_ticket,
        name="unlink_window_ticket",
    ),
    path(f"{ONE}customers/", window_customers.window_customers, name="window_customers"),
]
