"""Members of a desk follow its status page, all of it or chosen services, without confirming an address."""

import accounts.rowsecurity
import django.db.models.deletion
import django.db.models.functions.text
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_shut_by_desk'),
        ('maintenance', '0008_outages_in_stretches'),
        ('tickets', '0015_hand_overs'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubscriberService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='subscriber',
            name='subscriber_once',
        ),
        migrations.AddField(
            model_name='subscriber',
            name='all_services',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='membership',
            field=accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.UniqueConstraint(models.F('tenant'), django.db.models.functions.text.Lower('email'), condition=models.Q(('ended_at__isnull', True), ('membership__isnull', True)), name='subscriber_once'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('membership',), name='subscriber_member_once'),
        ),
        migrations.AddField(
            model_name='subscriberservice',
            name='service',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.service'),
        ),
        migrations.AddField(
            model_name='subscriberservice',
            name='subscriber',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen', to='maintenance.subscriber'),
        ),
        migrations.AddField(
            model_name='subscriberservice',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant'),
        ),
        migrations.AddConstraint(
            model_name='subscriberservice',
            constraint=models.UniqueConstraint(fields=('subscriber', 'service'), name='subscriber_service_once'),
        ),
        SecureTenantTables("maintenance"),
    ]
