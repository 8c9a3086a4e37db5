"""Questions that wait for a customer's yes; time that was logged and drawn is written into histories."""

import accounts.rowsecurity
import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('tickets', '0011_purposes_of_categories'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ticketevent',
            name='kind',
            field=models.CharField(choices=[('filed', 'Filed'), ('replied', 'Replied'), ('noted', 'Noted'), ('assigned', 'Assigned'), ('priority_changed', 'Priority changed'), ('status_changed', 'Status changed'), ('resolved', 'Resolved'), ('reopened', 'Reopened'), ('closed', 'Closed'), ('escalated', 'Escalated'), ('category_changed', 'Category changed'), ('due_set', 'Due time set by hand'), ('due_cleared', 'Due time set by hand cleared'), ('merged', 'Merged into another ticket'), ('merged_in', 'Another ticket was merged into it'), ('split', 'Split'), ('promise_changed', 'Promise changed'), ('emergency_declared', 'Emergency declared'), ('emergency_called', 'Called about an emergency'), ('emergency_acknowledged', 'Emergency acknowledged'), ('emergency_ended', 'Emergency ended'), ('service_changed', 'Affected service changed'), ('maintenance_planned', 'Maintenance planned'), ('maintenance_lifted', 'Planned maintenance no longer holds'), ('outage_linked', 'Linked to an outage'), ('window_linked', 'Linked to maintenance'), ('window_unlinked', 'No longer linked to maintenance'), ('approval_asked', 'Approval asked for'), ('approval_given', 'Approved'), ('approval_declined', 'Declined'), ('approval_withdrawn', 'Approval no longer asked for'), ('time_logged', 'Time logged'), ('time_voided', 'Logged time taken back'), ('hours_drawn', 'Prepaid hours drawn')], max_length=30),
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField(max_length=2000, verbose_name='question')),
                ('clause_key', models.CharField(blank=True, max_length=80)),
                ('clause_title', models.CharField(blank=True, max_length=200)),
                ('clause_text', models.TextField(blank=True)),
                ('estimate_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='estimate, minutes')),
                ('price', models.CharField(blank=True, max_length=120, verbose_name='price')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_through', models.CharField(blank=True, choices=[('portal', 'in the portal'), ('link', 'by the link in the mail'), ('api', 'through the API')], max_length=8)),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='comment')),
                ('asked_by', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('decided_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'ordering': ['-asked_at', '-id'],
                'indexes': [models.Index(fields=['ticket', '-asked_at', '-id'], name='approval_of_ticket'), models.Index(condition=models.Q(('state', 'waiting')), fields=['tenant', 'asked_at'], name='approval_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('ticket',), name='approval_one_waits'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_has_instant'), models.CheckConstraint(condition=models.Q(('clause_title', ''), models.Q(('estimate_minutes__gt', 0), ('estimate_minutes__isnull', False)), models.Q(('price', ''), _negated=True), _connector='OR'), name='approval_out_of_scope_has_offer')],
            },
        ),
        SecureTenantTables("tickets"),
    ]
