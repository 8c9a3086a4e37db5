import django.db.models.deletion
from django.db import migrations, models

import accounts.rowsecurity
from accounts.rowsecurity import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('tickets', '0012_approvals'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('questions', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('category', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intake_forms', to='tickets.category')),
                ('created_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'intake form',
                'verbose_name_plural': 'intake forms',
                'ordering': ['category', 'number'],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'category', 'number'), name='intake_form_number_once')],
            },
        ),
        migrations.CreateModel(
            name='IntakeAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField(default=dict)),
                ('form', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='tickets.intakeform')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='intake', to='tickets.ticket')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'answers at intake',
                'verbose_name_plural': 'answers at intake',
                'constraints': [models.UniqueConstraint(fields=('ticket',), name='intake_of_ticket_once')],
            },
        ),
        migrations.CreateModel(
            name='FilingDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('values', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
                ('person', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='filing_drafts', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'draft of a ticket',
                'verbose_name_plural': 'drafts of tickets',
                'constraints': [models.UniqueConstraint(fields=('person',), name='filing_draft_once_a_person')],
            },
        ),
        SecureTenantTables("tickets", append_only=["IntakeForm", "IntakeAnswers"]),
    ]
