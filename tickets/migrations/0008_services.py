"""Services that tickets are about, and the events of maintenance."""

import accounts.rowsecurity
import django.db.models.deletion
import django.db.models.functions.text
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_hosting_and_banners'),
        ('tickets', '0007_calls_of_emergencies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ticket',
            name='affected_service',
            field=models.CharField(blank=True, help_text='In words, where the desk lists none.', max_length=120, verbose_name='affected service'),
        ),
        migrations.AlterField(
            model_name='ticketevent',
            name='kind',
            field=models.CharField(choices=[('filed', 'Filed'), ('replied', 'Replied'), ('noted', 'Noted'), ('assigned', 'Assigned'), ('priority_changed', 'Priority changed'), ('status_changed', 'Status changed'), ('resolved', 'Resolved'), ('reopened', 'Reopened'), ('closed', 'Closed'), ('escalated', 'Escalated'), ('category_changed', 'Category changed'), ('due_set', 'Due time set by hand'), ('due_cleared', 'Due time set by hand cleared'), ('merged', 'Merged into another ticket'), ('merged_in', 'Another ticket was merged into it'), ('split', 'Split'), ('promise_changed', 'Promise changed'), ('emergency_declared', 'Emergency declared'), ('emergency_called', 'Called about an emergency'), ('emergency_acknowledged', 'Emergency acknowledged'), ('emergency_ended', 'Emergency ended'), ('service_changed', 'Affected service changed'), ('maintenance_planned', 'Maintenance planned'), ('maintenance_lifted', 'Planned maintenance no longer holds'), ('outage_linked', 'Linked to an outage')], max_length=30),
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=250, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_public', models.BooleanField(default=False, verbose_name='on the public status page')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='accounts.customer')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'service',
                'verbose_name_plural': 'services',
                'ordering': ['position', 'name', 'id'],
            },
        ),
        migrations.AddField(
            model_name='ticket',
            name='service',
            field=accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='tickets.service', verbose_name='affected service'),
        ),
        migrations.CreateModel(
            name='ServiceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('version', models.PositiveIntegerField(default=1)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'service group',
                'verbose_name_plural': 'service groups',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.AddField(
            model_name='service',
            name='group',
            field=accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='tickets.servicegroup'),
        ),
        migrations.AddConstraint(
            model_name='servicegroup',
            constraint=models.UniqueConstraint(models.F('tenant'), django.db.models.functions.text.Lower('name'), name='service_group_name_once'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(models.F('tenant'), models.F('customer'), django.db.models.functions.text.Lower('name'), name='service_name_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('customer__isnull', True), ('is_public', False), _connector='OR'), name='service_of_one_is_private'),
        ),
        SecureTenantTables("tickets"),
    ]
