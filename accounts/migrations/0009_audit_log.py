"""Who changed which setting: rows that are only ever added."""

import accounts.rowsecurity
import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_standing_of_customers'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('by_name', models.CharField(blank=True, max_length=200, verbose_name='who')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='from where')),
                ('kind', models.CharField(max_length=80)),
                ('object_id', models.CharField(max_length=40)),
                ('object_name', models.CharField(max_length=200)),
                ('act', models.CharField(choices=[('created', 'Created'), ('changed', 'Changed'), ('removed', 'Removed')], max_length=10)),
                ('field', models.CharField(blank=True, max_length=60)),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('by', accounts.rowsecurity.TenantForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['tenant', 'kind', 'object_id', '-id'], name='audit_of_thing'), models.Index(fields=['tenant', 'by', '-id'], name='audit_of_person'), models.Index(fields=['tenant', 'at'], name='audit_at')],
            },
        ),
        SecureTenantTables("accounts", append_only=["AuditEntry"]),
    ]
