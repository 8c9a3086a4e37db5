"""Clocks are judged by an agreement; those that run keep the terms that they have.

Until now every version of a calendar held for open tickets from its instant on, and a plan's for new tickets
alone: the agreements made here say just that.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import accounts.rowsecurity

REACHES = [
    ("new", "New tickets only"),
    ("from_now", "Open tickets too, from then on"),
    ("from_start", "Open tickets too, as if from their start"),
]
UNITS = [
    ("business_time", "Business hours"),
    ("business_days", "Business days"),
    ("business_days_end", "Business days, to the end of the day"),
    ("elapsed_time", "Hours around the clock"),
]
METRICS = [
    ("first_response", "First response"),
    ("next_response", "Next response"),
    ("resolution", "Resolution"),
    ("restore", "Restore"),
]

BRING_OVER = """
UPDATE sla_calendarversion SET reach = 'from_now' WHERE number > 1;

DO $$
DECLARE terms record; version record; link bigint; before bigint;
BEGIN
    FOR terms IN SELECT DISTINCT tenant_id, contract_id, plan_version_id, calendar_id FROM sla_clock LOOP
        before := NULL;
        FOR version IN SELECT id, valid_from FROM sla_calendarversion
                WHERE calendar_id = terms.calendar_id ORDER BY number LOOP
            INSERT INTO sla_agreement (tenant_id, contract_id, plan_version_id, calendar_version_id, previous_id, since)
            VALUES (terms.tenant_id, terms.contract_id, terms.plan_version_id, version.id, before,
                CASE WHEN before IS NOT NULL THEN version.valid_from END)
            RETURNING id INTO link;
            before := link;
        END LOOP;
        UPDATE sla_clock SET agreement_id = before
        WHERE contract_id = terms.contract_id AND plan_version_id = terms.plan_version_id
            AND calendar_id = terms.calendar_id;
    END LOOP;
END $$;

-- What the agreed target is and what was left out is filled in when a clock is reckoned next: now, for open ones.
UPDATE sla_clock SET next_action_at = now() WHERE ended_at IS NULL AND error = '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accents_of_the_stylesheet"),
        ("sla", "0002_leave_closed_desks_alone"),
    ]

    operations = [
        migrations.AddField(
            "calendarversion", "reach", models.CharField(choices=REACHES, default="new", max_length=10)
        ),
        migrations.AddField(
            "planversion", "reach", models.CharField(choices=REACHES, default="new", max_length=10)
        ),
        migrations.AlterField("clock", "metric", models.CharField(choices=METRICS, max_length=20)),
        migrations.AlterField(
            "target", "metric", models.CharField(choices=METRICS, max_length=20, verbose_name="metric")
        ),
        migrations.AlterField(
            "target", "unit", models.CharField(choices=UNITS, max_length=20, verbose_name="unit")
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(
                        blank=True, help_text="Null: from the start of the ticket.", null=True
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
                (
                    "contract",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="sla.contract",
                    ),
                ),
                (
                    "plan_version",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="sla.planversion",
                    ),
                ),
                (
                    "calendar_version",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="sla.calendarversion",
                    ),
                ),
                (
                    "previous",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="followers",
                        to="sla.agreement",
                    ),
                ),
            ],
            options={"verbose_name": "agreement", "verbose_name_plural": "agreements"},
        ),
        migrations.AddConstraint(
            "agreement",
            models.UniqueConstraint(
                fields=("contract", "plan_version", "calendar_version", "previous", "since"),
                name="agreement_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "agreement",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("previous__isnull", True), ("since__isnull", True)),
                    models.Q(("previous__isnull", False), ("since__isnull", False)),
                    _connector="OR",
                ),
                name="agreement_since_with_previous",
            ),
        ),
        migrations.AddField(
            "clock",
            "agreement",
            accounts.rowsecurity.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="sla.agreement",
            ),
        ),
        migrations.AddField(
            "clock",
            "unit",
            models.CharField(blank=True, choices=UNITS, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField("clock", "aim", models.PositiveIntegerField(default=0)),
        migrations.AddField("clock", "limit", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "clock",
            "left_out",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(), default=list, size=None
            ),
        ),
        migrations.AddField("clock", "due_is_manual", models.BooleanField(default=False)),
        migrations.RunSQL(BRING_OVER, migrations.RunSQL.noop),
        migrations.RemoveIndex("clock", "clock_of_calendar"),
        migrations.AlterField(
            "clock",
            "agreement",
            accounts.rowsecurity.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="sla.agreement"
            ),
        ),
        migrations.RemoveField("clock", "plan_version"),
        migrations.RemoveField("clock", "calendar"),
        migrations.RemoveField("clock", "contract"),
        migrations.AddIndex(
            "clock",
            models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["agreement", "ticket"],
                name="clock_open_under",
            ),
        ),
        accounts.rowsecurity.SecureTenantTables("sla", append_only=["Escalation"]),
    ]
