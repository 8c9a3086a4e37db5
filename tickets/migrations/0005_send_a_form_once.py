"""The mark of a form's sending stands with the event that it made, once a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_accents_of_the_stylesheet"),
        ("tickets", "0004_quick_search_and_queue"),
    ]

    operations = [
        migrations.AddField(
            "ticketevent",
            "submission",
            models.UUIDField(help_text="Which sending of a form this was: once a person.", null=True),
        ),
        migrations.AddConstraint(
            "ticketevent",
            models.UniqueConstraint(
                fields=["tenant", "actor", "submission"],
                name="event_submission_once",
                condition=models.Q(submission__isnull=False),
            ),
        ),
    ]
