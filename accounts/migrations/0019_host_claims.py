"""Host names that desks ask for."""

import accounts.models.hosts
import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_look_and_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253, verbose_name='own host name')),
                ('proof', models.CharField(default=accounts.models.hosts.new_proof, max_length=64)),
                ('finding', models.CharField(choices=[('unknown', 'Not looked up yet'), ('here', 'Points here'), ('unproved', 'Points here, without the record that proves whose it is'), ('elsewhere', 'Points elsewhere'), ('no_name', 'There is no such name'), ('no_answer', 'The name servers did not answer'), ('taken', 'Another desk answers there')], default='unknown', max_length=10)),
                ('found', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=45), blank=True, default=list, size=None)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('next_check_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'own host name',
                'verbose_name_plural': 'own host names',
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='host_claim_once')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
