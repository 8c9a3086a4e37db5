"""Services at work: windows, outages, checks, the status page, backups."""

from maintenance.models.backups import (
    BackupJob,
    BackupRun,
    BackupState,
    RestoreRequest,
    RestoreStep,
)
from maintenance.models.notices import Notice, NoticeKind, NoticeTold, WindowEvent, WindowEventKind
from maintenance.models.outages import (
    OUTAGE_IMPACTS,
    Outage,
    OutageCorrection,
    OutageService,
    OutageTicket,
    OutageUpdate,
    Stage,
)
from maintenance.models.pages import (
    FeedKey,
    StatusPage,
    Subscriber,
    SubscriberService,
    Visibility,
)
from maintenance.models.watching import Alert, AlertSource, Monitor, MonitorKind, MonitorState
from maintenance.models.windows import (
    ChecklistItem,
    Concern,
    Tie,
    Window,
    WindowCustomer,
    WindowService,
    WindowTicket,
)
from maintenance.models.work import Impact, Kind, Series, SeriesService

__all__ = [
    "OUTAGE_IMPACTS",
    "Alert",
    "AlertSource",
    "BackupJob",
    "BackupRun",
    "BackupState",
    "ChecklistItem",
    "Concern",
    "FeedKey",
    "Impact",
    "Kind",
    "Monitor",
    "MonitorKind",
    "MonitorState",
    "Notice",
    "NoticeKind",
    "NoticeTold",
    "Outage",
    "OutageCorrection",
    "OutageService",
    "OutageTicket",
    "OutageUpdate",
    "RestoreRequest",
    "RestoreStep",
    "Series",
    "SeriesService",
    "Stage",
    "StatusPage",
    "Subscriber",
    "SubscriberService",
    "Tie",
    "Visibility",
    "Window",
    "WindowCustomer",
    "WindowEvent",
    "WindowEventKind",
    "WindowService",
    "WindowTicket",
]
