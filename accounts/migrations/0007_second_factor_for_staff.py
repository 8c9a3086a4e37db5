"""A desk may ask its staff for a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='requires_second_factor',
            field=models.BooleanField(default=False, help_text='Staff who log in with a password need a code or a passkey as well.', verbose_name='second factor for staff'),
        ),
    ]
