"""What plans cover: by category, by channel, with a coordinator, with work included."""

import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('sla', '0009_fewer_indexes'),
        ('tickets', '0011_purposes_of_categories'),
    ]

    operations = [
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('covered', 'Covered'), ('billable', 'Billable'), ('not_covered', 'Not covered')], max_length=12, verbose_name='coverage')),
            ],
            options={
                'verbose_name': 'coverage',
                'verbose_name_plural': 'coverage',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='planversion',
            name='channels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('portal', 'Portal'), ('email', 'Email'), ('phone', 'Phone'), ('chat', 'Chat'), ('remote', 'Remote session'), ('meeting', 'Meeting')], max_length=10), blank=True, default=list, help_text='Empty: nothing is said.', size=None, verbose_name='channels'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='has_coordinator',
            field=models.BooleanField(default=False, verbose_name='named account coordinator'),
        ),
        migrations.AddField(
            model_name='planversion',
            name='included_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='Null: none is said.', null=True, verbose_name='included work a month, minutes'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.CheckConstraint(condition=models.Q(('included_minutes__isnull', True), ('included_minutes__gt', 0), _connector='OR'), name='plan_included_minutes'),
        ),
        migrations.AddField(
            model_name='coverage',
            name='category',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.category'),
        ),
        migrations.AddField(
            model_name='coverage',
            name='plan_version',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage', to='sla.planversion'),
        ),
        migrations.AddField(
            model_name='coverage',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.UniqueConstraint(fields=('plan_version', 'category'), name='coverage_once'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['billable', 'not_covered'])), name='coverage_says_what_differs'),
        ),
        SecureTenantTables("sla"),
    ]
