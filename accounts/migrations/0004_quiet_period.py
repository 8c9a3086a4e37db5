"""For how long a customer's reply leaves a resolved ticket resolved."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_teams_coordinators_and_quiet_hours")]

    operations = [
        migrations.AddField(
            "tenant",
            "quiet_period_minutes",
            models.PositiveSmallIntegerField(
                default=15,
                help_text="Minutes in which a customer's reply leaves a resolved ticket resolved; 0: none.",
                validators=[django.core.validators.MaxValueValidator(10080)],
                verbose_name="quiet period",
            ),
        ),
    ]
