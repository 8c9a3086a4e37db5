"""Which sending of a form sold a pack or adjusted one: a form that is sent twice does it once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hours", "0001_prepaid_hours"),
    ]

    operations = [
        migrations.AddField(
            "ledgerentry",
            "submission",
            models.UUIDField(help_text="Which sending of a form bought or adjusted it.", null=True),
        ),
        migrations.AddConstraint(
            "ledgerentry",
            models.UniqueConstraint(
                fields=["by", "submission"],
                name="ledger_entry_submission_once",
                condition=models.Q(submission__isnull=False),
            ),
        ),
    ]
