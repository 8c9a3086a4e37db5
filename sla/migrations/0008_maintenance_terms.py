"""What plans promise about maintenance, availability and backups."""

import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_hosting_and_banners'),
        ('sla', '0007_desks_with_calls_to_make'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackupTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hosting_model', models.CharField(choices=[('shared', 'Shared cloud'), ('dedicated', 'Dedicated'), ('on_premises', 'On premises')], max_length=12, verbose_name='hosting')),
                ('every_hours', models.PositiveSmallIntegerField(verbose_name='every, hours')),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('database', 'Database'), ('files', 'Files')], max_length=10), size=None, verbose_name='parts')),
                ('retention_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='kept, days')),
                ('verify_every_days', models.PositiveSmallIntegerField(blank=True, help_text='Null: no verification is promised.', null=True, verbose_name='verified every, days')),
            ],
            options={
                'verbose_name': 'backup term',
                'verbose_name_plural': 'backup terms',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='planversion',
            name='availability',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='availability, per cent'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='availability_counts_planned',
            field=models.BooleanField(default=False, verbose_name='planned maintenance counts as downtime'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='maintenance_pauses',
            field=models.BooleanField(default=False, help_text='Of tickets on an affected service, while the announced window lasts.', verbose_name='planned maintenance pauses resolution clocks'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='notice_hours',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Null: none is promised.', null=True, verbose_name='notice of planned maintenance, hours'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='reminder_hours',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='reminders of maintenance, hours before'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.CheckConstraint(condition=models.Q(('availability__isnull', True), models.Q(('availability__gt', 0), ('availability__lte', 100)), _connector='OR'), name='plan_availability_per_cent'),
        ),
        migrations.AddField(
            model_name='backupterm',
            name='plan_version',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='backup_terms', to='sla.planversion'),
        ),
        migrations.AddField(
            model_name='backupterm',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant'),
        ),
        migrations.AddConstraint(
            model_name='backupterm',
            constraint=models.UniqueConstraint(fields=('plan_version', 'hosting_model'), name='backup_term_once'),
        ),
        migrations.AddConstraint(
            model_name='backupterm',
            constraint=models.CheckConstraint(condition=models.Q(('every_hours__gt', 0), ('parts__len__gt', 0)), name='backup_term_says_what'),
        ),
        SecureTenantTables("sla"),
    ]
