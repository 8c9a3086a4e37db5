"""Mails to bare addresses say how to end them in their head (RFC 2369, RFC 8058)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0005_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='unsubscribe',
            field=models.CharField(blank=True, db_default='', default='', help_text='Path inside the desk that ends such mails by a POST without a log-in.', max_length=250),
        ),
    ]
