"""An outage may hit a service several times, or with another impact from an instant on: a row a stretch."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from accounts.rowsecurity import SecureTenantTables
from django.db import migrations

import maintenance.models.outages


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
        ('maintenance', '0007_tickets_of_alerts_hang_on_outages'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outageservice',
            name='outage_service_once',
        ),
        migrations.AddConstraint(
            model_name='outageservice',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name='outage_one_impact_at_a_time',
                expressions=[
                    ('outage', '='),
                    ('service', '='),
                    (
                        maintenance.models.outages.InstantRange(
                            'started_at', 'ended_at', django.contrib.postgres.fields.ranges.RangeBoundary()
                        ),
                        '&&',
                    ),
                ],
            ),
        ),
        SecureTenantTables("maintenance"),
    ]
