"""What the rules of the clock need: outages, merged tickets, and the events that move a promise."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.rowsecurity

KINDS = [
    ("filed", "Filed"),
    ("replied", "Replied"),
    ("noted", "Noted"),
    ("assigned", "Assigned"),
    ("priority_changed", "Priority changed"),
    ("status_changed", "Status changed"),
    ("resolved", "Resolved"),
    ("reopened", "Reopened"),
    ("closed", "Closed"),
    ("escalated", "Escalated"),
    ("category_changed", "Category changed"),
    ("due_set", "Due time set by hand"),
    ("due_cleared", "Due time set by hand cleared"),
    ("merged", "Merged into another ticket"),
    ("merged_in", "Another ticket was merged into it"),
    ("split", "Split"),
    ("promise_changed", "Promise changed"),
    ("emergency_declared", "Emergency declared"),
    ("emergency_acknowledged", "Emergency acknowledged"),
    ("emergency_ended", "Emergency ended"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accents_of_the_stylesheet"),
        ("tickets", "0005_send_a_form_once"),
    ]

    operations = [
        migrations.AddField(
            "category",
            "is_outage",
            models.BooleanField(
                default=False, help_text="The restore clock runs.", verbose_name="outage or restore"
            ),
        ),
        migrations.AddField(
            "ticket",
            "merged_into",
            accounts.rowsecurity.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_tickets",
                to="tickets.ticket",
            ),
        ),
        migrations.AlterField("ticketevent", "kind", models.CharField(choices=KINDS, max_length=30)),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=models.Q(merged_into__isnull=False),
                fields=["merged_into"],
                name="ticket_merged_into",
            ),
        ),
        migrations.AddConstraint(
            "ticket",
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | (models.Q(status="closed") & ~models.Q(merged_into=models.F("id"))),
                name="ticket_merged_is_closed",
            ),
        ),
        accounts.rowsecurity.SecureTenantTables("tickets"),
    ]
