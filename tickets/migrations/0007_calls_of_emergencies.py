from django.db import migrations, models

KINDS = [
    ("filed", "Filed"),
    ("replied", "Replied"),
    ("noted", "Noted"),
    ("assigned", "Assigned"),
    ("priority_changed", "Priority changed"),
    ("status_changed", "Status changed"),
    ("resolved", "Resolved"),
    ("reopened", "Reopened"),
    ("closed", "Closed"),
    ("escalated", "Escalated"),
    ("category_changed", "Category changed"),
    ("due_set", "Due time set by hand"),
    ("due_cleared", "Due time set by hand cleared"),
    ("merged", "Merged into another ticket"),
    ("merged_in", "Another ticket was merged into it"),
    ("split", "Split"),
    ("promise_changed", "Promise changed"),
    ("emergency_declared", "Emergency declared"),
    ("emergency_called", "Called about an emergency"),
    ("emergency_acknowledged", "Emergency acknowledged"),
    ("emergency_ended", "Emergency ended"),
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_rules_of_the_clock")]

    operations = [
        migrations.AlterField("ticketevent", "kind", models.CharField(choices=KINDS, max_length=30)),
    ]
