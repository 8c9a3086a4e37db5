"""Desks say whether anybody may read their plans."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_audit_log'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='has_public_plans',
            field=models.BooleanField(default=False, help_text='Anybody may read them side by side at plans/.', verbose_name='plans are public'),
        ),
    ]
