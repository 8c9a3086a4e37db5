"""A source's alerts have one ticket per outage, not one for all; held alerts are found quickly; faults have values.

Tickets that sources filed are linked to their outages already, by nobody: what they need to be settled.
"""

from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('maintenance', '0006_changes_of_announced_windows'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='alertsource',
            name='ticket',
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), ('outage__isnull', True)), fields=['tenant', 'source'], name='alert_held'),
        ),
        migrations.AddField(
            model_name='monitor',
            name='last_error_values',
            field=models.JSONField(blank=True, default=dict),
        ),
        SecureTenantTables("maintenance"),
    ]
