"""Linking a ticket to a window is written into the histories of both."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0009_fewer_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ticketevent',
            name='kind',
            field=models.CharField(choices=[('filed', 'Filed'), ('replied', 'Replied'), ('noted', 'Noted'), ('assigned', 'Assigned'), ('priority_changed', 'Priority changed'), ('status_changed', 'Status changed'), ('resolved', 'Resolved'), ('reopened', 'Reopened'), ('closed', 'Closed'), ('escalated', 'Escalated'), ('category_changed', 'Category changed'), ('due_set', 'Due time set by hand'), ('due_cleared', 'Due time set by hand cleared'), ('merged', 'Merged into another ticket'), ('merged_in', 'Another ticket was merged into it'), ('split', 'Split'), ('promise_changed', 'Promise changed'), ('emergency_declared', 'Emergency declared'), ('emergency_called', 'Called about an emergency'), ('emergency_acknowledged', 'Emergency acknowledged'), ('emergency_ended', 'Emergency ended'), ('service_changed', 'Affected service changed'), ('maintenance_planned', 'Maintenance planned'), ('maintenance_lifted', 'Planned maintenance no longer holds'), ('outage_linked', 'Linked to an outage'), ('window_linked', 'Linked to maintenance'), ('window_unlinked', 'No longer linked to maintenance')], max_length=30),
        ),
    ]
