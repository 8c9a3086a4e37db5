"""How customers stand, and what that stops."""

import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_second_factor_for_staff'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='open_standing',
            field=models.CharField(choices=[('good', 'Good'), ('restricted', 'Restricted'), ('suspended', 'Suspended')], default='good', help_text='Of the standing that is not lifted; it may begin later, see `accounts.standing`.', max_length=10, verbose_name='standing'),
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('good', 'Good'), ('restricted', 'Restricted'), ('suspended', 'Suspended')], max_length=10, verbose_name='standing')),
                ('ground', models.CharField(choices=[('overdue_payment', 'Overdue payment'), ('abuse', 'Abuse'), ('misuse', 'Repeated misuse'), ('unauthorised_access', 'Unauthorised access'), ('contract_violation', 'Contract violation')], max_length=24, verbose_name='ground')),
                ('reason', models.TextField(help_text='Staff alone read it.', max_length=5000, verbose_name='reason')),
                ('way_out', models.TextField(blank=True, help_text="The customer's people read it.", max_length=1000, verbose_name='way out')),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, help_text='Ticket numbers.', size=None, verbose_name='evidence')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='review on')),
                ('set_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
                ('customer', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='accounts.customer')),
                ('lifted_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('set_by', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'standing',
                'verbose_name_plural': 'standings',
                'ordering': ['-set_at', '-id'],
                'indexes': [models.Index(fields=['tenant', 'customer', '-set_at'], name='standing_of_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('tenant', 'customer'), name='standing_one_open'), models.CheckConstraint(condition=models.Q(('level__in', ['restricted', 'suspended'])), name='standing_worse_than_good'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='standing_lifted_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='StandingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('good', 'Good'), ('restricted', 'Restricted'), ('suspended', 'Suspended')], max_length=10, verbose_name='standing')),
                ('ground', models.CharField(choices=[('overdue_payment', 'Overdue payment'), ('abuse', 'Abuse'), ('misuse', 'Repeated misuse'), ('unauthorised_access', 'Unauthorised access'), ('contract_violation', 'Contract violation')], max_length=24, verbose_name='ground')),
                ('stops_tickets', models.BooleanField(default=False, verbose_name='no new tickets at all')),
                ('priorities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None, verbose_name='no new tickets of priority')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None, verbose_name='no new tickets by')),
                ('stops_emergencies', models.BooleanField(default=False, verbose_name='no emergencies')),
                ('lets_critical_outages', models.BooleanField(default=True, verbose_name='critical outages still get through')),
                ('way_out', models.TextField(blank=True, max_length=1000, verbose_name='way out')),
                ('version', models.PositiveIntegerField(default=1)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'rule of a standing',
                'verbose_name_plural': 'rules of standings',
                'ordering': ['level', 'ground'],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'level', 'ground'), name='standing_rule_once'), models.CheckConstraint(condition=models.Q(('level__in', ['restricted', 'suspended'])), name='standing_rule_worse_than_good')],
            },
        ),
        SecureTenantTables("accounts"),
    ]
