"""The last day of a contract is said in versions, each valid from an instant, and edited like other promises."""

import accounts.rowsecurity
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_absences'),
        ('sla', '0011_working_hours'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContractVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('valid_from', models.DateTimeField(blank=True, help_text='Null: from the beginning.', null=True)),
                ('reach', models.CharField(choices=[('new', 'New tickets only'), ('from_now', 'Open tickets too, from then on'), ('from_start', 'Open tickets too, as if from their start')], default='new', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('contract', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='sla.contract')),
                ('created_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'contract version',
                'verbose_name_plural': 'contract versions',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('contract', 'number'), name='contract_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('valid_from__isnull', True)), models.Q(('number__gt', 1), ('valid_from__isnull', False)), _connector='OR'), name='contract_first_version_from_beginning')],
            },
        ),
        migrations.AddField(
            model_name='edit',
            name='contract_version',
            field=accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sla.contractversion'),
        ),
        accounts.rowsecurity.SecureTenantTables('sla'),
    ]
