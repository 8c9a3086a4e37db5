"""When staff work."""

import accounts.rowsecurity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_absences'),
        ('sla', '0010_coverage'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.JSONField(default=dict, verbose_name='week')),
                ('version', models.PositiveIntegerField(default=1)),
                ('calendar', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sla.supportcalendar')),
                ('person', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'working hours',
                'verbose_name_plural': 'working hours',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'person'), name='working_hours_once'), models.CheckConstraint(condition=models.Q(('calendar__isnull', True), ('week', {}), _connector='OR'), name='working_hours_one_way')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('sla'),
    ]
