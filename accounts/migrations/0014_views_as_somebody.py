"""Views of the portal as somebody else, by customers' admins."""

import accounts.rowsecurity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_sign_in_of_companies'),
    ]

    operations = [
        migrations.CreateModel(
            name='ViewAs',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='began')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('admin', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership')),
                ('person', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'view as somebody',
                'verbose_name_plural': 'views as somebody',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['until'], name='view_as_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('admin', models.F('person')), _negated=True), name='view_as_somebody_else')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
