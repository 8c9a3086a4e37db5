"""Downloads of own data."""

import accounts.rowsecurity
import django.db.models.deletion
import reports.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0014_views_as_somebody'),
    ]

    operations = [
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('own', 'Your own data'), ('company', 'The data of your company')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('working', 'Being put together'), ('ready', 'Ready'), ('failed', 'Failed'), ('expired', 'Expired')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.FileField(blank=True, max_length=200, upload_to=reports.models.file_path)),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Bytes.')),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('person', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'download of own data',
                'verbose_name_plural': 'downloads of own data',
                'ordering': ['-asked_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'working'))), fields=['asked_at'], name='download_under_way'), models.Index(condition=models.Q(('state', 'ready')), fields=['expires_at'], name='download_to_expire'), models.Index(fields=['person', '-asked_at'], name='download_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'working'))), fields=('person',), name='download_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), ('expires_at__isnull', False)), _connector='OR'), name='download_ready_has_file')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('reports'),
    ]
