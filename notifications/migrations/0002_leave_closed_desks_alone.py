from django.db import migrations

# Crosses tenants with its owner's rights, and gives away nothing but ids of tenants that are active.
TENANTS_WITH_MAIL = """
CREATE OR REPLACE FUNCTION tenants_with_mail(due timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM accounts_tenant
    WHERE is_active AND id IN (
        SELECT tenant_id FROM notifications_outboxmessage
        WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= due
    )
$$"""


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0001_initial"),
        ("accounts", "0002_accents_of_the_stylesheet"),
    ]

    operations = [
        migrations.RunSQL(TENANTS_WITH_MAIL, migrations.RunSQL.noop),
    ]
