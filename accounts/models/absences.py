"""When people of the staff are not there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import AbsenceQuerySet
from accounts.rowsecurity import TenantForeignKey

NOTE_LENGTH = 200


class AbsenceKind(models.TextChoices):
    """Why somebody is away; supervisors and the person read it, nobody else."""

    HOLIDAY = "holiday", _("Holiday")
    SICK = "sick", _("Sick leave")
    OTHER = "other", _("Other")


class Absence(TenantModel):
    """A period in which somebody of the staff is away: from `starts_at`, back at `ends_at`.

    Two of one person never overlap; one may begin where the other ends.
    """

    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="absences", db_index=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind.choices)
    note = models.CharField(
        _("note"), max_length=NOTE_LENGTH, blank=True, help_text="Admins and the person alone read it."
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    person_id: int
    objects: ClassVar = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"),
            # Its index also finds the absences of a person.
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "ends_at"], name="absence_end")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d}"
