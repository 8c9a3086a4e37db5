"""What the audit of the clocks finds, and how many differences there are on the whole installation."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.rowsecurity

# Crosses tenants with its owner's rights, and gives away nothing but a number.
CLOCK_DIFFERENCES = """
CREATE OR REPLACE FUNCTION clock_differences() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM sla_clockdifference
$$"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0004_edits_ladders_emergencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("metric", models.CharField(blank=True, max_length=20)),
                ("cycle", models.PositiveIntegerField(default=1)),
                ("field", models.CharField(max_length=40)),
                ("stored", models.TextField(blank=True)),
                ("reckoned", models.TextField(blank=True)),
                ("found_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
                (
                    "ticket",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "clock difference",
                "verbose_name_plural": "clock differences",
                "ordering": ["ticket_id", "metric", "cycle", "field"],
            },
        ),
        migrations.AddConstraint(
            "clockdifference",
            models.UniqueConstraint(
                fields=("ticket", "metric", "cycle", "field"), name="clock_difference_once"
            ),
        ),
        accounts.rowsecurity.SecureTenantTables("sla"),
        migrations.RunSQL(CLOCK_DIFFERENCES, "DROP FUNCTION clock_differences()"),
    ]
