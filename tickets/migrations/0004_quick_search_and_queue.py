import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables

# Text operators are not leak-proof, so row security would keep PostgreSQL from using the text indexes. These
# functions run with their owner's rights and name the tenant themselves, from the setting that the policies read.
# The last word may be unfinished.
SEARCH_QUERY = """
CREATE FUNCTION search_query(words text) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN numnode(q) > 0 THEN (q::text || ':*')::tsquery ELSE q END
    FROM websearch_to_tsquery('simple', words) AS q
$$"""

# Tickets by the text indexes. Where more than `most` subjects or messages match, the answer is one NULL: then
# `ticket_matches` is the quicker question. A misspelt subject is looked for (by trigrams)
# where hardly anything is found. Only bitmap scans: a plan made for a common word must not serve a rare one.
SEARCH_TICKETS = """
CREATE FUNCTION search_tickets(words text, with_notes boolean, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    tenant bigint := NULLIF(current_setting('app.tenant_id', true), '')::bigint;
    query tsquery := search_query(words);
    subjects bigint[];
    messages bigint[];
    misspelt bigint[];
BEGIN
    messages := ARRAY(SELECT m.ticket_id FROM tickets_message m
        WHERE m.tenant_id = tenant AND m.search @@ query AND (with_notes OR m.kind = 'reply') LIMIT most + 1);
    IF cardinality(messages) <= most THEN
        subjects := ARRAY(SELECT t.id FROM tickets_ticket t
            WHERE t.tenant_id = tenant AND t.search @@ query LIMIT most + 1);
    END IF;
    IF subjects IS NULL OR cardinality(subjects) > most THEN
        RETURN NEXT NULL;
        RETURN;
    END IF;
    IF length(words) > 3 AND cardinality(subjects) + cardinality(messages) < 20 THEN
        misspelt := ARRAY(SELECT t.id FROM tickets_ticket t
            WHERE t.tenant_id = tenant AND words <% t.subject LIMIT 200);
    END IF;
    RETURN QUERY SELECT DISTINCT unnest(subjects || messages || misspelt);
END $$"""

# The same question about one ticket, for words so common that reading a list in its order soon fills a page.
TICKET_MATCHES = """
CREATE FUNCTION ticket_matches(ticket bigint, words text, with_notes boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 2000 SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    tenant bigint := NULLIF(current_setting('app.tenant_id', true), '')::bigint;
    query tsquery := search_query(words);
BEGIN
    RETURN EXISTS (SELECT FROM tickets_ticket t WHERE t.id = ticket AND t.tenant_id = tenant AND t.search @@ query)
        OR EXISTS (SELECT FROM tickets_message m WHERE m.ticket_id = ticket AND m.tenant_id = tenant
            AND m.search @@ query AND (with_notes OR m.kind = 'reply'));
END $$"""


class Migration(migrations.Migration):
    """Text indexes that begin with the tenant; the queue's index holds all that the rail counts."""

    dependencies = [("tickets", "0003_promise_in_business_time")]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex("ticket", "ticket_search"),
        migrations.RemoveIndex("ticket", "ticket_subject_trgm"),
        migrations.RemoveIndex("ticket", "ticket_queue"),
        migrations.RemoveIndex("message", "message_search"),
        migrations.AddIndex(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(fields=["tenant", "search"], name="ticket_search"),
        ),
        migrations.AddIndex(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(
                fields=["tenant", "subject"], name="ticket_subject_trgm", opclasses=["int8_ops", "gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            "message",
            django.contrib.postgres.indexes.GinIndex(fields=["tenant", "search"], name="message_search"),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["tenant", "due_at", "id"],
                include=["assignee", "due_state", "at_risk_at"],
                name="ticket_queue",
                condition=models.Q(
                    status__in=("new", "open", "pending", "on_hold", "awaiting_approval")
                ),
            ),
        ),
        migrations.AddIndex(
            "ticket", models.Index(fields=["tenant", "due_at", "id"], name="ticket_due")
        ),
        migrations.RunSQL("DROP FUNCTION search_tickets(text, boolean)", migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH_QUERY, "DROP FUNCTION search_query(text)"),
        migrations.RunSQL(SEARCH_TICKETS, "DROP FUNCTION search_tickets(text, boolean, integer)"),
        migrations.RunSQL(TICKET_MATCHES, "DROP FUNCTION ticket_matches(bigint, text, boolean)"),
        SecureTenantTables("tickets", append_only=["TicketEvent"]),
    ]
