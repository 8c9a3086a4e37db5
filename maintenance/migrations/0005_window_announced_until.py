"""The end that was announced before work began; of windows that were extended, out of their history."""

from django.db import migrations, models

KEEP_FIRST_END = """
UPDATE maintenance_window AS one SET announced_until = (
    SELECT (event.data ->> 'from')::timestamptz FROM maintenance_windowevent AS event
    WHERE event.window_id = one.id AND event.kind = 'extended' ORDER BY event.at, event.id LIMIT 1
)
WHERE EXISTS (
    SELECT 1 FROM maintenance_windowevent AS event WHERE event.window_id = one.id AND event.kind = 'extended'
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('maintenance', '0004_outage_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='window',
            name='announced_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(KEEP_FIRST_END, migrations.RunSQL.noop),
    ]
