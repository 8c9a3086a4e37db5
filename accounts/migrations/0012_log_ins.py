"""Log-ins of people, in each desk that they open."""

from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone

import accounts.rowsecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_groups_of_contacts'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('way', models.CharField(choices=[('password', 'Password'), ('second_factor', 'Password and second factor'), ('passkey', 'Passkey'), ('company', "Company's sign-in")], max_length=16)),
                ('address', models.GenericIPAddressField(null=True)),
                ('browser', models.CharField(blank=True, help_text='As “Firefox, Windows”; empty: unknown.', max_length=80)),
                ('person', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log_ins', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'log-in',
                'verbose_name_plural': 'log-ins',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['person', '-at'], name='log_in_person'), models.Index(fields=['tenant', 'at'], name='log_in_age')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
