from django.db import migrations

# Crosses tenants with its owner's rights, and gives away nothing but ids of tenants that are active.
TENANTS_WITH_DUE_CLOCKS = """
CREATE OR REPLACE FUNCTION tenants_with_due_clocks(due timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM accounts_tenant
    WHERE is_active AND id IN (
        SELECT tenant_id FROM sla_clock WHERE next_action_at <= due AND error = ''
    )
$$"""


class Migration(migrations.Migration):

    dependencies = [
        ("sla", "0001_initial"),
        ("accounts", "0002_accents_of_the_stylesheet"),
    ]

    operations = [
        migrations.RunSQL(TENANTS_WITH_DUE_CLOCKS, migrations.RunSQL.noop),
    ]
