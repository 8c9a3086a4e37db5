"""Which desks have somebody to call: asked every few seconds, across tenants."""

from django.db import migrations

# Crosses tenants with its owner's rights, and gives away nothing but ids of tenants that are active.
TENANTS_WITH_DUE_CALLS = """
CREATE OR REPLACE FUNCTION tenants_with_due_calls(due timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM accounts_tenant
    WHERE is_active AND id IN (SELECT tenant_id FROM sla_emergency WHERE next_call_at <= due)
$$"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0006_ladders"),
        ("accounts", "0002_accents_of_the_stylesheet"),
    ]

    operations = [
        migrations.RunSQL(
            TENANTS_WITH_DUE_CALLS, "DROP FUNCTION IF EXISTS tenants_with_due_calls(timestamptz)"
        ),
    ]
