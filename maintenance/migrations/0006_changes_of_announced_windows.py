"""People are told of changes besides the times; who came too late for the notice has a reason kept."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('maintenance', '0005_window_announced_until'),
    ]

    operations = [
        migrations.AddField(
            model_name='windowcustomer',
            name='emergency_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it cannot wait'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('announced', 'Announcement'), ('reminder', 'Reminder'), ('moved', 'Change of time'), ('changed', 'Change'), ('extended', 'Extension'), ('started', 'Start'), ('completed', 'End'), ('cancelled', 'Cancellation')], max_length=10),
        ),
    ]
