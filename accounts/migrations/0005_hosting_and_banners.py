"""Hosting models of customers; whether a desk has something to announce."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_quiet_period'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='hosting_model',
            field=models.CharField(choices=[('shared', 'Shared cloud'), ('dedicated', 'Dedicated'), ('on_premises', 'On premises')], default='shared', max_length=12, verbose_name='hosting'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='banner_until',
            field=models.DateTimeField(blank=True, help_text='Until then pages look for maintenance and outages to show; null: nothing was announced.', null=True),
        ),
    ]
