"""When staff are away."""

import accounts.rowsecurity
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_reviews_of_standings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('sick', 'Sick leave'), ('other', 'Other')], max_length=10, verbose_name='kind')),
                ('note', models.CharField(blank=True, help_text='Admins and the person alone read it.', max_length=200, verbose_name='note')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['tenant', 'ends_at'], name='absence_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), (models.Func('starts_at', 'ends_at', function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='absence_no_overlap')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
