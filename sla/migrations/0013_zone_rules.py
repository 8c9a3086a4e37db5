"""Open clocks are reckoned again when the rules of time zones have changed."""

import accounts.rowsecurity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_absences'),
        ('sla', '0012_contract_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='ZoneRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('reached', models.BigIntegerField(blank=True, null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'zone rules',
                'verbose_name_plural': 'zone rules',
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='zone_rules_once')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('sla'),
    ]
