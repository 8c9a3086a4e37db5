"""What a plan says about maintenance, availability and backups, line by line in words."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import HostingModel
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.models import BackupPart


def maintenance_words(terms: MaintenanceTerms) -> list[tuple[str, str]]:
    """What each line is about and what is promised, "" for nothing; always the same lines."""
    reminders = ", ".join(_hours(hours) for hours in sorted(terms.reminder_hours, reverse=True))
    pauses = _("stand while an announced window lasts") if terms.pauses else _("go on")
    return [
        (_("Notice of planned maintenance"), _hours(terms.notice_hours) if terms.notice_hours else ""),
        (_("Reminders of maintenance"), _("%(hours)s before") % {"hours": reminders} if reminders else ""),
        (_("Resolution clocks during planned maintenance"), pauses),
        (_("Availability"), _availability_words(terms)),
        *(
            (_("Backup, %(hosting)s") % {"hosting": hosting.label}, _backup_words(terms.backup_for(hosting)))
            for hosting in HostingModel
        ),
    ]


def maintenance_table(columns: Sequence[MaintenanceTerms]) -> list[tuple[str, list[str]]]:
    """The lines of several plans side by side."""
    lines = [maintenance_words(terms) for terms in columns]
    return [(row[0][0], [words for _label, words in row]) for row in zip(*lines, strict=True)]


def _availability_words(terms: MaintenanceTerms) -> str:
    if terms.availability is None:
        return ""
    values = {"figure": number_format(terms.availability.normalize())}
    if terms.counts_planned:
        return _("%(figure)s %% of a month, planned maintenance counts as downtime") % values
    return _("%(figure)s %% of a month, planned maintenance not counted") % values


def _backup_words(backup: BackupTerms | None) -> str:
    if backup is None:
        return ""
    parts = [str(part.label) for part in BackupPart if part in backup.parts]
    values = {"hours": _hours(backup.every_hours), "parts": ", ".join(parts)}
    words = [_("every %(hours)s: %(parts)s") % values]
    if backup.retention_days:
        words.append(_("kept for %(days)s") % {"days": _days(backup.retention_days)})
    if backup.verify_every_days:
        words.append(_("verified every %(days)s") % {"days": _days(backup.verify_every_days)})
    return "; ".join(words)


def _hours(hours: int) -> str:
    return _("%(hours)s h") % {"hours": number_format(hours)}


def _days(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": number_format(days)}
