"""After a webhook's secret was replaced, calls carry the signature of the one before it for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_unsubscribe_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhooksecret',
            name='former_secret',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='webhooksecret',
            name='former_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
