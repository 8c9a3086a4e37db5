from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom the desk itself shut out, only the desk lets in again."""

    dependencies = [("accounts", "0019_host_claims")]

    operations = [
        migrations.AddField(
            model_name="membership", name="is_shut_by_desk", field=models.BooleanField(default=False)
        ),
    ]
