"""Ladders take the place of the two steps that every clock had."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.rowsecurity

# Crosses tenants with its owner's rights, and gives away nothing but ids of tenants that are active. One
# look into the index for each of them, so it reads nothing of tenants that have nothing due.
TENANTS_WITH_DUE_CLOCKS = """
CREATE OR REPLACE FUNCTION tenants_with_due_clocks(due timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM accounts_tenant t
    WHERE is_active AND EXISTS (
        SELECT FROM sla_clock c WHERE c.tenant_id = t.id AND c.next_action_at <= due AND c.error = ''
    )
$$"""

# What was told until now becomes the ladder of every version: the assignee at the aim, the assignee and every
# supervisor at the limit, of all that it promises (or of which clocks stand under it).
USUAL_LADDERS = """
WITH promised AS (
    SELECT tenant_id, plan_version_id, metric FROM sla_target
    UNION
    SELECT a.tenant_id, a.plan_version_id, c.metric FROM sla_clock c JOIN sla_agreement a ON a.id = c.agreement_id
)
INSERT INTO sla_ladderstep
    (tenant_id, plan_version_id, metric, place, amount, times, priorities, tells, raises_priority, declares_emergency)
SELECT tenant_id, plan_version_id, metric, place, 0, 1, '{}', tells::jsonb, false, false
FROM promised, (VALUES
    ('aim', '[{"who": "assignee"}]'),
    ('limit', '[{"who": "assignee"}, {"who": "supervisors"}]')
) AS usual(place, tells)
ORDER BY plan_version_id, metric, place
"""

BRING_OVER = """
UPDATE sla_escalation e SET step_id = s.id
FROM sla_clock c, sla_agreement a, sla_ladderstep s
WHERE c.id = e.clock_id AND a.id = c.agreement_id AND s.plan_version_id = a.plan_version_id
    AND s.metric = c.metric AND s.place = e.was
"""

# Since when the status that pauses has stood; answers are never paused.
PAUSED_SINCE = """
UPDATE sla_clock c SET paused_at = (
    SELECT min(e.at) FROM tickets_ticketevent e
    WHERE e.ticket_id = t.id AND e.status = t.status AND NOT EXISTS (
        SELECT FROM tickets_ticketevent later
        WHERE later.ticket_id = t.id AND (later.at, later.id) > (e.at, e.id) AND later.status <> t.status
    )
)
FROM tickets_ticket t
WHERE t.id = c.ticket_id AND t.status IN ('pending', 'on_hold', 'awaiting_approval')
    AND c.ended_at IS NULL AND c.metric IN ('resolution', 'restore')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0005_audit"),
        ("tickets", "0005_send_a_form_once"),
    ]

    operations = [
        # An escalation that became moot before anybody was disturbed is marked as cancelled.
        migrations.RunSQL(
            'DROP TRIGGER IF EXISTS "sla_escalation_append_only" ON sla_escalation', migrations.RunSQL.noop
        ),
        migrations.AddField(
            "clock",
            "paused_at",
            models.DateTimeField(blank=True, help_text="Since when a pause goes on.", null=True),
        ),
        migrations.RunSQL(PAUSED_SINCE, migrations.RunSQL.noop),
        migrations.RunSQL(USUAL_LADDERS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("escalation", "escalation_once"),
        migrations.RenameField("escalation", "step", "was"),
        migrations.AddField(
            "escalation",
            "step",
            accounts.rowsecurity.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="escalations",
                to="sla.ladderstep",
            ),
        ),
        migrations.RunSQL(BRING_OVER, migrations.RunSQL.noop),
        # No table is altered while checks of its new rows wait.
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "escalation",
            "step",
            accounts.rowsecurity.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="sla.ladderstep"
            ),
        ),
        migrations.RemoveField("escalation", "was"),
        migrations.AddField("escalation", "number", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("escalation", "told", models.JSONField(default=list)),
        migrations.AddField("escalation", "held_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("escalation", "cancelled_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "escalation",
            "cancelled_why",
            models.CharField(
                blank=True,
                choices=[
                    ("answered", "Answered"),
                    ("paused", "Paused"),
                    ("recomputed", "Falls due at another time"),
                    ("resolved", "Resolved"),
                    ("merged", "Merged"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "escalation",
            models.UniqueConstraint(fields=("clock", "step", "number", "due_at"), name="escalation_once"),
        ),
        migrations.AddConstraint(
            "escalation",
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True, cancelled_why="")
                | models.Q(cancelled_at__isnull=False, held_until__isnull=False)
                & ~models.Q(cancelled_why=""),
                name="escalation_cancelled_was_held",
            ),
        ),
        migrations.RemoveIndex("clock", "clock_due"),
        migrations.AddIndex(
            "clock",
            models.Index(
                condition=models.Q(next_action_at__isnull=False, error=""),
                fields=["tenant", "next_action_at"],
                name="clock_due",
            ),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(condition=~models.Q(error=""), fields=["tenant"], name="clock_set_aside"),
        ),
        migrations.RunSQL(TENANTS_WITH_DUE_CLOCKS, migrations.RunSQL.noop),
        accounts.rowsecurity.SecureTenantTables("sla"),
    ]
