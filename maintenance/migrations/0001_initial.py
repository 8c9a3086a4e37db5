"""Windows, outages, monitors, the status page, backups."""

import accounts.models
import accounts.rowsecurity
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('tickets', '0009_fewer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.CharField(choices=[('critical', 'Critical'), ('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], default='high', max_length=10, verbose_name='priority of the ticket')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('start', models.CharField(help_text='The first characters of the token.', max_length=12)),
                ('label', models.CharField(default='service', max_length=80, verbose_name='label that names the service')),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('requester', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='files a ticket for')),
                ('service', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.service', verbose_name='service of alerts that name none')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'alert source',
                'verbose_name_plural': 'alert sources',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BackupJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.CharField(choices=[('critical', 'Critical'), ('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], default='high', max_length=10, verbose_name='priority of the ticket')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('part', models.CharField(choices=[('database', 'Database'), ('files', 'Files')], max_length=10, verbose_name='part')),
                ('every_hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='every, hours')),
                ('verify_every_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='verified every, days')),
                ('grace_minutes', models.PositiveSmallIntegerField(default=60, verbose_name='grace, minutes')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('start', models.CharField(help_text='The first characters of the token.', max_length=12)),
                ('state', models.CharField(choices=[('waiting', 'No run yet'), ('good', 'Good'), ('late', 'Late'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('last_good_at', models.DateTimeField(blank=True, null=True)),
                ('last_verified_at', models.DateTimeField(blank=True, null=True)),
                ('next_due_at', models.DateTimeField(blank=True, null=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='backup_jobs', to='accounts.customer')),
                ('requester', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='files a ticket for')),
                ('service', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='backup_jobs', to='tickets.service')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'backup',
                'verbose_name_plural': 'backups',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BackupRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.CharField(max_length=80)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('succeeded', models.BooleanField(blank=True, null=True)),
                ('size', models.PositiveBigIntegerField(blank=True, help_text='Bytes.', null=True)),
                ('checksum', models.CharField(blank=True, max_length=160)),
                ('message', models.CharField(blank=True, max_length=500)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('verified', models.BooleanField(blank=True, null=True)),
                ('job', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='maintenance.backupjob')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='FeedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('start', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('membership', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feed_keys', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('announced', 'Announcement'), ('reminder', 'Reminder'), ('moved', 'Change of time'), ('extended', 'Extension'), ('started', 'Start'), ('completed', 'End'), ('cancelled', 'Cancellation')], max_length=10)),
                ('hours', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['due_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NoticeTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('customer', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.customer')),
                ('notice', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='maintenance.notice')),
                ('person', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('stage', models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Identified'), ('monitoring', 'Monitoring'), ('resolved', 'Resolved')], default='investigating', max_length=14, verbose_name='stage')),
                ('cause', models.TextField(blank=True, verbose_name='cause')),
                ('started_at', models.DateTimeField(verbose_name='from')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='to')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('opened_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'outage',
                'verbose_name_plural': 'outages',
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Monitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.CharField(choices=[('critical', 'Critical'), ('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], default='high', max_length=10, verbose_name='priority of the ticket')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('http', 'HTTP'), ('tcp', 'TCP'), ('heartbeat', 'Heartbeat')], max_length=10, verbose_name='kind')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='address')),
                ('expected_status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='expected status')),
                ('expected_text', models.CharField(blank=True, max_length=120, verbose_name='expected text')),
                ('interval_seconds', models.PositiveIntegerField(default=60, verbose_name='interval')),
                ('timeout_seconds', models.PositiveSmallIntegerField(default=10, verbose_name='timeout')),
                ('grace_seconds', models.PositiveIntegerField(default=300, verbose_name='grace')),
                ('failures_to_open', models.PositiveSmallIntegerField(default=2, verbose_name='failures in a row')),
                ('impact', models.CharField(choices=[('degraded', 'Degraded'), ('down', 'Down')], default='down', max_length=10, verbose_name='impact')),
                ('state', models.CharField(choices=[('unknown', 'Not checked yet'), ('up', 'Up'), ('down', 'Down')], default='unknown', max_length=8)),
                ('is_paused', models.BooleanField(default=False, verbose_name='paused')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('first_failed_at', models.DateTimeField(blank=True, null=True)),
                ('last_checked_at', models.DateTimeField(blank=True, null=True)),
                ('last_good_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=500)),
                ('last_milliseconds', models.PositiveIntegerField(blank=True, null=True)),
                ('next_check_at', models.DateTimeField(blank=True, null=True)),
                ('token_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('requester', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='files a ticket for')),
                ('service', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='monitors', to='tickets.service')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
                ('outage', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='maintenance.outage')),
            ],
            options={
                'verbose_name': 'monitor',
                'verbose_name_plural': 'monitors',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('starts_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('labels', models.JSONField(default=dict)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('source', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='maintenance.alertsource')),
                ('outage', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alerts', to='maintenance.outage')),
            ],
            options={
                'ordering': ['-starts_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='OutageService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('impact', models.CharField(choices=[('degraded', 'Degraded'), ('down', 'Down')], max_length=10, verbose_name='impact')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outage', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outage_services', to='maintenance.outage')),
                ('service', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outage_services', to='tickets.service')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.AddField(
            model_name='outage',
            name='services',
            field=models.ManyToManyField(related_name='outages', through='maintenance.OutageService', to='tickets.service'),
        ),
        migrations.CreateModel(
            name='OutageTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('linked_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('outage', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outage_tickets', to='maintenance.outage')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outage_tickets', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='OutageUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('stage', models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Identified'), ('monitoring', 'Monitoring'), ('resolved', 'Resolved')], max_length=14)),
                ('text', models.TextField(verbose_name='update')),
                ('author', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('outage', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='maintenance.outage')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RestoreRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted_at', models.DateTimeField(blank=True, null=True, verbose_name='state of')),
                ('what', models.TextField(blank=True, verbose_name='what is to come back')),
                ('job', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='restore_requests', to='maintenance.backupjob')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restore_requests', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='RestoreStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.CharField(max_length=250, verbose_name='step')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('request', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='maintenance.restorerequest')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('kind', models.CharField(choices=[('security', 'Security patching'), ('server', 'Server optimisation'), ('database', 'Database maintenance'), ('performance', 'Performance'), ('monitoring', 'Monitoring'), ('correction', 'Bug correction'), ('update', 'Version update'), ('backup', 'Backup verification'), ('compliance', 'Compliance'), ('feature', 'Feature enhancement'), ('restore_test', 'Restore test')], max_length=16, verbose_name='kind')),
                ('impact', models.CharField(choices=[('none', 'No impact'), ('degraded', 'Degraded'), ('down', 'Down')], max_length=10, verbose_name='expected impact')),
                ('summary', models.TextField(blank=True, verbose_name='what is done')),
                ('advice', models.TextField(blank=True, verbose_name='what customers should do')),
                ('runbook', models.TextField(blank=True, verbose_name='runbook')),
                ('starts_by_itself', models.BooleanField(default=True, verbose_name='starts by itself')),
                ('ends_by_itself', models.BooleanField(default=False, verbose_name='ends by itself')),
                ('version', models.PositiveIntegerField(default=1)),
                ('rule', models.CharField(max_length=200, verbose_name='rule')),
                ('zone', models.CharField(max_length=64, validators=[accounts.models.validate_time_zone], verbose_name='time zone')),
                ('first_date', models.DateField(verbose_name='first day')),
                ('last_date', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('starts_at_time', models.TimeField(verbose_name='from')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('checklist', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('responsible', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='responsible')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'recurring maintenance',
                'verbose_name_plural': 'recurring maintenance',
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SeriesService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='maintenance.series')),
                ('service', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.service')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.AddField(
            model_name='series',
            name='services',
            field=models.ManyToManyField(related_name='+', through='maintenance.SeriesService', to='tickets.service'),
        ),
        migrations.CreateModel(
            name='StatusPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('customers', 'Customers and staff'), ('off', 'Nobody: there is no status page')], default='customers', max_length=10, verbose_name='who may read it')),
                ('about', models.CharField(blank=True, max_length=500, verbose_name='about this page')),
                ('version', models.PositiveIntegerField(default=1)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='email')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=5)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('kind', models.CharField(choices=[('security', 'Security patching'), ('server', 'Server optimisation'), ('database', 'Database maintenance'), ('performance', 'Performance'), ('monitoring', 'Monitoring'), ('correction', 'Bug correction'), ('update', 'Version update'), ('backup', 'Backup verification'), ('compliance', 'Compliance'), ('feature', 'Feature enhancement'), ('restore_test', 'Restore test')], max_length=16, verbose_name='kind')),
                ('impact', models.CharField(choices=[('none', 'No impact'), ('degraded', 'Degraded'), ('down', 'Down')], max_length=10, verbose_name='expected impact')),
                ('summary', models.TextField(blank=True, verbose_name='what is done')),
                ('advice', models.TextField(blank=True, verbose_name='what customers should do')),
                ('runbook', models.TextField(blank=True, verbose_name='runbook')),
                ('starts_by_itself', models.BooleanField(default=True, verbose_name='starts by itself')),
                ('ends_by_itself', models.BooleanField(default=False, verbose_name='ends by itself')),
                ('version', models.PositiveIntegerField(default=1)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('scheduled', 'Scheduled'), ('in_progress', 'In progress'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], default='draft', max_length=12, verbose_name='status')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('is_emergency', models.BooleanField(default=False, verbose_name='emergency')),
                ('emergency_reason', models.CharField(blank=True, max_length=500, verbose_name='why it cannot wait')),
                ('overran_at', models.DateTimeField(blank=True, help_text='When staff were told that it overruns.', null=True)),
                ('result', models.TextField(blank=True, verbose_name='result')),
                ('cancelled_why', models.CharField(blank=True, max_length=500, verbose_name='why it was cancelled')),
                ('occurrence', models.DateField(blank=True, null=True)),
                ('is_apart', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('emergency_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('responsible', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='responsible')),
                ('series', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='maintenance.series')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'maintenance window',
                'verbose_name_plural': 'maintenance windows',
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='window',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='maintenance.window'),
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.CharField(max_length=250, verbose_name='step')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('window', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='maintenance.window')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WindowCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('concern', models.CharField(choices=[('derived', 'Uses a service'), ('added', 'Added by hand'), ('left_out', 'Left out by hand')], default='derived', max_length=10)),
                ('promised_hours', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('customer', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='window_customers', to='accounts.customer')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('window', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='window_customers', to='maintenance.window')),
            ],
        ),
        migrations.CreateModel(
            name='WindowEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('drafted', 'Drafted'), ('changed', 'Changed'), ('scheduled', 'Scheduled'), ('emergency', 'Scheduled as an emergency'), ('moved', 'Moved'), ('extended', 'Extended'), ('started', 'Started'), ('overran', 'Overran its end'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('logged', 'Work log'), ('told', 'Told the tickets')], max_length=12)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('actor', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('window', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='maintenance.window')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WindowService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('service', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='window_services', to='tickets.service')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('window', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='window_services', to='maintenance.window')),
            ],
        ),
        migrations.AddField(
            model_name='window',
            name='services',
            field=models.ManyToManyField(related_name='windows', through='maintenance.WindowService', to='tickets.service'),
        ),
        migrations.CreateModel(
            name='WindowTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tie', models.CharField(choices=[('request', 'Asked for it'), ('filed', 'Filed because of it')], max_length=10)),
                ('told_at', models.DateTimeField(blank=True, help_text='When its requester heard of the end.', null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='window_tickets', to='tickets.ticket')),
                ('window', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='window_tickets', to='maintenance.window')),
            ],
        ),
        migrations.AddIndex(
            model_name='backupjob',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['tenant', 'next_due_at'], name='backup_due'),
        ),
        migrations.AddIndex(
            model_name='backuprun',
            index=models.Index(fields=['job', '-started_at', '-id'], name='backup_run_newest'),
        ),
        migrations.AddConstraint(
            model_name='backuprun',
            constraint=models.UniqueConstraint(fields=('job', 'run'), name='backup_run_once'),
        ),
        migrations.AddConstraint(
            model_name='noticetold',
            constraint=models.UniqueConstraint(fields=('notice', 'person'), name='notice_told_once'),
        ),
        migrations.AddIndex(
            model_name='monitor',
            index=models.Index(condition=models.Q(('archived_at__isnull', True), ('is_paused', False), ('next_check_at__isnull', False)), fields=['tenant', 'next_check_at'], name='monitor_due'),
        ),
        migrations.AddConstraint(
            model_name='monitor',
            constraint=models.CheckConstraint(condition=models.Q(('failures_to_open__gte', 1), ('interval_seconds__gte', 10), ('timeout_seconds__gte', 1)), name='monitor_asks_in_reason'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('source', 'fingerprint', 'starts_at'), name='alert_once'),
        ),
        migrations.AddIndex(
            model_name='outageservice',
            index=models.Index(fields=['service', 'started_at'], name='outage_of_service'),
        ),
        migrations.AddConstraint(
            model_name='outageservice',
            constraint=models.UniqueConstraint(fields=('outage', 'service'), name='outage_service_once'),
        ),
        migrations.AddConstraint(
            model_name='outageservice',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='outage_service_starts_before_end'),
        ),
        migrations.AddIndex(
            model_name='outage',
            index=models.Index(fields=['tenant', '-started_at', '-id'], name='outage_newest'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='outage_starts_before_end'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('stage', 'resolved')), models.Q(models.Q(('stage', 'resolved'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='outage_resolved_has_end'),
        ),
        migrations.AddIndex(
            model_name='outageticket',
            index=models.Index(fields=['ticket'], name='outage_of_ticket'),
        ),
        migrations.AddConstraint(
            model_name='outageticket',
            constraint=models.UniqueConstraint(fields=('outage', 'ticket'), name='outage_ticket_once'),
        ),
        migrations.AddIndex(
            model_name='outageupdate',
            index=models.Index(fields=['outage', 'at', 'id'], name='update_of_outage'),
        ),
        migrations.AddConstraint(
            model_name='restorerequest',
            constraint=models.UniqueConstraint(fields=('ticket',), name='restore_of_ticket_once'),
        ),
        migrations.AddConstraint(
            model_name='seriesservice',
            constraint=models.UniqueConstraint(fields=('series', 'service'), name='series_service_once'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='series_takes_time'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('last_date__isnull', True), ('last_date__gte', models.F('first_date')), _connector='OR'), name='series_first_before_last'),
        ),
        migrations.AddConstraint(
            model_name='statuspage',
            constraint=models.UniqueConstraint(fields=('tenant',), name='status_page_once'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.UniqueConstraint(models.F('tenant'), django.db.models.functions.text.Lower('email'), condition=models.Q(('ended_at__isnull', True)), name='subscriber_once'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['tenant', 'due_at'], name='notice_waiting'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('window', 'sequence', 'kind', 'hours'), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='notice_ends_one_way'),
        ),
        migrations.AddIndex(
            model_name='checklistitem',
            index=models.Index(fields=['window'], name='checklist_of_window'),
        ),
        migrations.AddIndex(
            model_name='windowcustomer',
            index=models.Index(fields=['customer'], name='window_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='windowcustomer',
            constraint=models.UniqueConstraint(fields=('window', 'customer'), name='window_customer_once'),
        ),
        migrations.AddIndex(
            model_name='windowevent',
            index=models.Index(fields=['window', 'at', 'id'], name='event_of_window'),
        ),
        migrations.AddConstraint(
            model_name='windowservice',
            constraint=models.UniqueConstraint(fields=('window', 'service'), name='window_service_once'),
        ),
        migrations.AddConstraint(
            model_name='windowservice',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('period__isnull', False)), expressions=[('service', '='), ('period', '&&')], name='window_one_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='window',
            index=models.Index(condition=models.Q(('status__in', ('scheduled', 'in_progress'))), fields=['tenant', 'starts_at'], name='window_coming'),
        ),
        migrations.AddIndex(
            model_name='window',
            index=models.Index(fields=['tenant', '-starts_at', '-id'], name='window_newest'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.UniqueConstraint(fields=('uid',), name='window_uid_once'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.UniqueConstraint(fields=('series', 'occurrence'), name='window_occurrence_once'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='window_starts_before_end'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('is_emergency', False), models.Q(('emergency_reason', ''), _negated=True), _connector='OR'), name='window_emergency_says_why'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('series__isnull', True), ('occurrence__isnull', False), _connector='OR'), name='window_of_series_has_day'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'completed'), _negated=True), models.Q(('ended_at__isnull', False), ('started_at__isnull', False)), _connector='OR'), name='window_completed_has_instants'),
        ),
        migrations.AddIndex(
            model_name='windowticket',
            index=models.Index(fields=['ticket'], name='window_of_ticket'),
        ),
        migrations.AddConstraint(
            model_name='windowticket',
            constraint=models.UniqueConstraint(fields=('window', 'ticket'), name='window_ticket_once'),
        ),
        SecureTenantTables("maintenance", append_only=["WindowEvent", "NoticeTold"]),
    ]
