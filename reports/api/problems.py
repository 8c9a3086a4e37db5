"""Which problem answers which refused rule of downloads."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, register_problem
from reports import services

DOWNLOAD_UNDER_WAY = Problem(
    "download_under_way",
    409,
    _("A download is being put together already"),
    _("One at a time. Ask how far it is; it can be taken when its “state” is “ready”."),
)
TOO_MANY_DOWNLOADS = Problem(
    "too_many_downloads",
    409,
    _("Enough downloads for a day"),
    _("Take one that is ready, or ask again tomorrow."),
)

register_problem(services.NotAllowed, NOT_ALLOWED)
register_problem(services.DownloadUnderWay, DOWNLOAD_UNDER_WAY)
register_problem(services.TooManyDownloads, TOO_MANY_DOWNLOADS)
