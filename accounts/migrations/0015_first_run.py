"""Desks say whether the console leads through their set-up, and whether their look was confirmed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_views_as_somebody'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='setup_since',
            field=models.DateTimeField(blank=True, help_text='Until an admin finishes it the console leads through the set-up; null: it does not.', null=True, verbose_name='set-up under way since'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='look_confirmed_at',
            field=models.DateTimeField(blank=True, help_text='Null: nobody has looked at it yet.', null=True, verbose_name='look confirmed'),
        ),
    ]
