"""When people were told that a standing is to be looked at."""

from django.db import migrations, models

import accounts.rowsecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_first_run'),
    ]

    operations = [
        migrations.AddField(
            model_name='standing',
            name='review_told_at',
            field=models.DateTimeField(blank=True, help_text='Those whom it concerns were told that the day has come.', null=True),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(condition=models.Q(('lifted_at__isnull', True), ('review_on__isnull', False), ('review_told_at__isnull', True)), fields=['review_on'], name='standing_to_review'),
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
