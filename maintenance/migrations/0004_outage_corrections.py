"""What was recorded of an outage before it was corrected is kept for good."""

import accounts.rowsecurity
import django.db.models.deletion
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('maintenance', '0003_linked_windows'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutageCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('author', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('outage', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='maintenance.outage')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['outage', 'at', 'id'], name='correction_of_outage')],
            },
        ),
        SecureTenantTables("maintenance", append_only=["OutageCorrection"]),
    ]
