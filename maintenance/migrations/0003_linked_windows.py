"""Linking a ticket to a window is written into the histories of both."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('maintenance', '0002_verification_alarms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='windowevent',
            name='kind',
            field=models.CharField(choices=[('drafted', 'Drafted'), ('changed', 'Changed'), ('scheduled', 'Scheduled'), ('emergency', 'Scheduled as an emergency'), ('moved', 'Moved'), ('extended', 'Extended'), ('started', 'Started'), ('overran', 'Overran its end'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('logged', 'Work log'), ('told', 'Told the tickets'), ('linked', 'Ticket linked'), ('unlinked', 'Ticket unlinked')], max_length=12),
        ),
    ]
