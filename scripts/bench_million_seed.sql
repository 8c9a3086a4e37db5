-- Open tickets in bulk, for measuring only. Settings bench.*: tenant, category, agent, tickets, customers.
-- Temporary tables bench_customer(place, customer, contact) and bench_word(i, word). Deterministic by setseed.

SELECT setseed(0.42);

CREATE TEMP TABLE bench_ticket AS
SELECT n, (n * 7919) % current_setting('bench.customers')::int AS place,
    now() - interval '15 days' * (1 - n::float / current_setting('bench.tickets')::int)
        - interval '1 hour' - interval '3 hours' * random() AS filed_at,
    (ARRAY['critical','high','high','medium','medium','medium','low','low'])[1 + floor(random() * 8)::int] AS priority,
    random() AS chance, random() AS share, random() AS length
FROM generate_series(1::bigint, current_setting('bench.tickets')::bigint) AS n;

-- One in ten waited for its requester and goes on; one in twenty waits now.
ALTER TABLE bench_ticket ADD paused_at timestamptz, ADD resumed_at timestamptz, ADD id bigint;
UPDATE bench_ticket SET paused_at = filed_at + (now() - filed_at) * (0.1 + 0.6 * share) WHERE chance < 0.15;
UPDATE bench_ticket SET resumed_at = paused_at + (now() - paused_at) * 0.8 * length WHERE chance < 0.1;
ANALYZE bench_ticket;

INSERT INTO tickets_ticket (tenant_id, number, subject, customer_id, requester_id, assignee_id, category_id,
    affected_service, priority, status, channel, filed_at, updated_at, due_metric, due_state, due_in_business_time,
    due_zone, has_breached)
SELECT current_setting('bench.tenant')::bigint, 1000 + n,
    (SELECT string_agg(word, ' ') FROM bench_word
     WHERE i IN ((n * 31) % 5000, (n * 97) % 700, (n * 193) % 60, (n * 389) % 5000, (n * 769) % 250)) || ' #' || n,
    c.customer, c.contact, NULL, current_setting('bench.category')::bigint, '', priority,
    CASE WHEN chance < 0.1 THEN 'open' WHEN chance < 0.15 THEN 'pending' ELSE 'new' END, 'portal', filed_at,
    coalesce(resumed_at, paused_at, filed_at), '', 'none', false, '', false
FROM bench_ticket JOIN bench_customer c USING (place) ORDER BY n;

ANALYZE tickets_ticket;
UPDATE bench_ticket b SET id = t.id FROM tickets_ticket t
WHERE t.tenant_id = current_setting('bench.tenant')::bigint AND t.number = 1000 + b.n;
INSERT INTO tickets_ticketcounter (tenant_id, last_number)
VALUES (current_setting('bench.tenant')::bigint, 1000 + current_setting('bench.tickets')::int);

INSERT INTO tickets_message (tenant_id, ticket_id, author_id, kind, from_staff, is_automatic, body, body_html, created_at)
SELECT current_setting('bench.tenant')::bigint, id, c.contact, 'reply', false, false, said, '<p>' || said || '</p>', filed_at
FROM bench_ticket b JOIN bench_customer c USING (place)
    JOIN (SELECT i % 250 AS part, string_agg(word, ' ') AS said FROM bench_word GROUP BY part) texts ON part = n % 250
ORDER BY n;

INSERT INTO tickets_ticketevent (tenant_id, ticket_id, kind, at, actor_id, message_id, status, priority, data)
SELECT current_setting('bench.tenant')::bigint, b.id, 'filed', filed_at, c.contact, m.id, 'new', priority,
    '{"channel": "portal", "is_outage": false}'::jsonb
FROM bench_ticket b JOIN bench_customer c USING (place) JOIN tickets_message m ON m.ticket_id = b.id
UNION ALL
SELECT current_setting('bench.tenant')::bigint, id, 'status_changed', paused_at, current_setting('bench.agent')::bigint,
    NULL, 'pending', priority, '{"from": "new", "to": "pending"}'::jsonb
FROM bench_ticket WHERE paused_at IS NOT NULL
UNION ALL
SELECT current_setting('bench.tenant')::bigint, id, 'status_changed', resumed_at, current_setting('bench.agent')::bigint,
    NULL, 'open', priority, '{"from": "pending", "to": "open"}'::jsonb
FROM bench_ticket WHERE resumed_at IS NOT NULL
ORDER BY 4;

ANALYZE tickets_message, tickets_ticketevent;
