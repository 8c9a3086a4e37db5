"""Edits that are looked at before they are applied, ladders of escalation, rotas and emergencies."""

import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_teams_coordinators_and_quiet_hours"),
        ("sla", "0003_agreements"),
        ("tickets", "0005_send_a_form_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="planversion",
            name="emergencies_a_month",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Null: not included; 0: without limit.",
                null=True,
                verbose_name="emergencies a month",
            ),
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed", models.JSONField()),
                ("seen_number", models.PositiveIntegerField(default=0)),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New tickets only"),
                            ("from_now", "Open tickets too, from then on"),
                            ("from_start", "Open tickets too, as if from their start"),
                        ],
                        max_length=10,
                        verbose_name="applies to",
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="valid from")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_asked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="sla.supportcalendar",
                    ),
                ),
                (
                    "calendar_version",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sla.calendarversion",
                    ),
                ),
                (
                    "contract",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="sla.contract",
                    ),
                ),
                (
                    "created_by",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "new_contract",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sla.contract",
                    ),
                ),
                (
                    "plan",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="sla.plan",
                    ),
                ),
                (
                    "plan_version",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sla.planversion",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
                (
                    "undoes",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="sla.edit",
                    ),
                ),
            ],
            options={
                "verbose_name": "edit",
                "verbose_name_plural": "edits",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="EditMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "after",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves_here",
                        to="sla.agreement",
                    ),
                ),
                (
                    "before",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves_away",
                        to="sla.agreement",
                    ),
                ),
                (
                    "edit",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="sla.edit"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("next_call_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "declared_by",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
                (
                    "ticket",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emergencies",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency",
                "verbose_name_plural": "emergencies",
                "ordering": ["declared_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EmergencyCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("called_at", models.DateTimeField()),
                (
                    "emergency",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="sla.emergency"
                    ),
                ),
                (
                    "person",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["called_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LadderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_response", "Next response"),
                            ("resolution", "Resolution"),
                            ("restore", "Restore"),
                        ],
                        max_length=20,
                        verbose_name="metric",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("share", "A share of the limit"),
                            ("aim", "At the aim"),
                            ("limit", "At the limit"),
                            ("after", "After the limit"),
                            ("daily", "Every business day after the limit"),
                        ],
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                ("amount", models.PositiveIntegerField(default=0, verbose_name="amount")),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                (
                    "priorities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("critical", "Critical"),
                                ("high", "High"),
                                ("medium", "Medium"),
                                ("low", "Low"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("tells", models.JSONField(default=list)),
                ("raises_priority", models.BooleanField(default=False, verbose_name="raises the priority")),
                (
                    "declares_emergency",
                    models.BooleanField(default=False, verbose_name="declares an emergency"),
                ),
                (
                    "plan_version",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ladder",
                        to="sla.planversion",
                    ),
                ),
                (
                    "reassigns_to",
                    accounts.rowsecurity.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "ladder step",
                "verbose_name_plural": "ladder steps",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Rota",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(default=10, verbose_name="minutes to acknowledge"),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "on-call rota",
                "verbose_name_plural": "on-call rotas",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="emergency",
            name="rota",
            field=accounts.rowsecurity.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emergencies",
                to="sla.rota",
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="emergency_rota",
            field=accounts.rowsecurity.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sla.rota",
            ),
        ),
        migrations.CreateModel(
            name="RotaTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "person",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "rota",
                    accounts.rowsecurity.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="sla.rota"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "turns",
                "ordering": ["starts_at", "position", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="edit",
            index=models.Index(
                condition=models.Q(("state", "applying")), fields=["id"], name="edit_applying"
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("calendar__isnull", False), ("contract__isnull", True), ("plan__isnull", True)),
                    models.Q(("calendar__isnull", True), ("contract__isnull", True), ("plan__isnull", False)),
                    models.Q(("calendar__isnull", True), ("contract__isnull", False), ("plan__isnull", True)),
                    _connector="OR",
                ),
                name="edit_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="editmove",
            constraint=models.UniqueConstraint(fields=("edit", "before"), name="edit_move_once"),
        ),
        migrations.AddConstraint(
            model_name="emergencycall",
            constraint=models.UniqueConstraint(
                fields=("emergency", "person", "round"), name="emergency_call_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place", "share"), _negated=True),
                    models.Q(("amount__gte", 1), ("amount__lte", 99)),
                    _connector="OR",
                ),
                name="ladder_share_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place", "after"), _negated=True), ("amount__gt", 0), _connector="OR"
                ),
                name="ladder_after_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gte", 1)), name="ladder_times_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="rota",
            constraint=models.UniqueConstraint(
                models.F("tenant"), django.db.models.functions.text.Lower("name"), name="rota_name_once"
            ),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(
                condition=models.Q(("next_call_at__isnull", False)),
                fields=["next_call_at"],
                name="emergency_to_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("ticket",),
                name="emergency_one_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="rotaturn",
            index=models.Index(fields=["rota", "starts_at", "ends_at"], name="rota_turn_at"),
        ),
        migrations.AddConstraint(
            model_name="rotaturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="rota_turn_in_order"
            ),
        ),
        accounts.rowsecurity.SecureTenantTables("sla", append_only=["EditMove", "EmergencyCall"]),
    ]
