-- A desk's past in bulk, for measuring only. Settings bench.*: tenant, plan_version, calendar, plan, customers,
-- agents, tickets, oldest_days, newest_days, only_new. Temporary tables bench_subject(i, text) and
-- bench_body(i, text) hold what tickets are about. Deterministic: every choice comes from setseed.

SELECT setseed(0.42);

CREATE TEMP TABLE bench AS SELECT
    current_setting('bench.tenant')::bigint AS tenant,
    current_setting('bench.tickets')::int AS tickets,
    current_setting('bench.only_new')::boolean AS only_new,
    (SELECT coalesce(max(number), 1000) FROM tickets_ticket
     WHERE tenant_id = current_setting('bench.tenant')::bigint) AS last_number,
    (SELECT count(*)::int FROM bench_subject) AS subjects,
    (SELECT count(*)::int FROM bench_body) AS bodies,
    now() - make_interval(days => current_setting('bench.oldest_days')::int) AS since,
    now() - make_interval(days => current_setting('bench.newest_days')::int) AS until;

-- People: agents (every tenth a supervisor), customers with three contacts and a contract each. Once a desk.
CREATE TEMP TABLE bench_person AS
SELECT kind || i || '@desk' || tenant || '.example' AS email, kind, i,
    (ARRAY['Ana','Bilal','Carla','Danish','Elena','Farah','Gabriel','Hina'])[1 + i % 8] || ' '
    || (ARRAY['Torres','Khan','Díaz','Malik','Ortega','Raza','Silva'])[1 + i % 7] || ' ' || i AS name
FROM bench, (
    SELECT 'agent' AS kind, generate_series(1, current_setting('bench.agents')::int) AS i
    UNION ALL SELECT 'contact', generate_series(1, 3 * current_setting('bench.customers')::int)
) AS people
WHERE NOT EXISTS (SELECT FROM accounts_customer WHERE tenant_id = tenant);

INSERT INTO accounts_user (email, name, password, language, time_zone, is_active, is_staff, is_superuser, date_joined)
SELECT email, name, '!', 'en', 'Asia/Karachi', true, false, false, now() FROM bench_person;

INSERT INTO accounts_customer (tenant_id, name, notes, is_active, created_at, version)
SELECT tenant, 'Customer ' || lpad(i::text, 4, '0') || ' Ltd', '', true, now(), 1
FROM bench, generate_series(1, current_setting('bench.customers')::int) AS i
WHERE EXISTS (SELECT FROM bench_person);

CREATE TEMP TABLE bench_customer AS
SELECT row_number() OVER (ORDER BY id)::int AS i, id FROM accounts_customer, bench WHERE tenant_id = tenant;

INSERT INTO accounts_membership
    (tenant_id, user_id, role, customer_id, name, invited_at, accepted_at, created_at)
SELECT tenant, u.id,
    CASE WHEN kind = 'contact' THEN 'member' WHEN i % 10 = 1 THEN 'supervisor' ELSE 'agent' END,
    CASE WHEN kind = 'contact' THEN (SELECT c.id FROM bench_customer c WHERE c.i = 1 + (p.i - 1) / 3) END,
    p.name, now(), now(), now()
FROM bench, bench_person p JOIN accounts_user u USING (email);

INSERT INTO sla_contract (tenant_id, customer_id, plan_id, period, created_at)
SELECT tenant, c.id, current_setting('bench.plan')::bigint, daterange('2020-01-01', NULL), now()
FROM bench, bench_customer c WHERE EXISTS (SELECT FROM bench_person);

CREATE TEMP TABLE bench_agent AS
SELECT row_number() OVER (ORDER BY id)::int AS i, id FROM accounts_membership, bench
WHERE tenant_id = tenant AND customer_id IS NULL;
CREATE TEMP TABLE bench_contact AS
SELECT row_number() OVER (ORDER BY id)::int AS i, id, customer_id FROM accounts_membership, bench
WHERE tenant_id = tenant AND customer_id IS NOT NULL;
CREATE TEMP TABLE bench_category AS
SELECT row_number() OVER (ORDER BY id)::int AS i, id FROM tickets_category, bench WHERE tenant_id = tenant;
CREATE TEMP TABLE bench_size AS SELECT (SELECT count(*)::int FROM bench_agent) AS agents,
    (SELECT count(*)::int FROM bench_contact) AS contacts, (SELECT count(*)::int FROM bench_category) AS categories;
ANALYZE bench_agent, bench_contact, bench_category;

-- Tickets: most are closed long since; half of those of the last weeks, and one in ninety older ones, are not.
CREATE TEMP TABLE bench_ticket AS
SELECT n, since + (until - since) * n / tickets AS filed_at,
    CASE WHEN only_new THEN 'new'
        WHEN random() >= CASE WHEN n > tickets * 0.92 THEN 0.5 ELSE 0.011 END
        THEN CASE WHEN random() < 0.95 THEN 'closed' ELSE 'resolved' END
        ELSE (ARRAY['new','new','new','open','open','open','open','open','open','pending','pending','pending',
            'pending','pending','on_hold','on_hold','awaiting_approval'])[1 + floor(random() * 17)::int] END AS status,
    (ARRAY['critical','high','high','medium','medium','medium','low','low'])[1 + floor(random() * 8)::int] AS priority,
    1 + floor(random() * contacts)::int AS contact, 1 + floor(random() * agents)::int AS agent,
    1 + floor(random() * categories)::int AS category, 1 + floor(random() * subjects)::int AS subject,
    random() AS share, CASE WHEN only_new THEN 1 ELSE 2 + floor(power(random(), 3) * 5)::int END AS messages
FROM bench, bench_size, generate_series(1, tickets) AS n;
ANALYZE bench_ticket;

INSERT INTO tickets_ticket (tenant_id, number, subject, customer_id, requester_id, assignee_id, category_id,
    affected_service, priority, status, channel, filed_at, updated_at, resolved_at, closed_at, due_at, at_risk_at,
    due_started_at, due_metric, due_state, due_remaining, due_in_business_time, due_zone, has_breached)
SELECT tenant, last_number + n, s.text || ' #' || n, c.customer_id, c.id,
    CASE WHEN t.status <> 'new' OR (only_new AND share < 0.8) THEN a.id END, k.id,
    '', priority, status, 'portal', filed_at, least(now(), filed_at + interval '1 day' * (1 + share)),
    CASE WHEN status IN ('resolved', 'closed') THEN least(now(), filed_at + interval '1 day' * (1 + share)) END,
    CASE WHEN status = 'closed' THEN least(now(), filed_at + interval '2 days' * (1 + share)) END,
    CASE WHEN status IN ('new', 'open') THEN now() + interval '6 days' * (share - 0.08) END,
    CASE WHEN status IN ('new', 'open') THEN now() + interval '6 days' * (share - 0.08) - interval '8 hours' END,
    CASE WHEN status NOT IN ('resolved', 'closed') THEN filed_at END,
    CASE WHEN status = 'new' THEN 'first_response' WHEN status NOT IN ('resolved', 'closed') THEN 'resolution' ELSE '' END,
    CASE WHEN status IN ('new', 'open') THEN 'running' WHEN status IN ('resolved', 'closed') THEN 'none' ELSE 'paused' END,
    CASE WHEN status IN ('pending', 'on_hold', 'awaiting_approval') THEN 36000 END,
    true, 'Asia/Karachi', share < 0.08
FROM bench, bench_ticket t JOIN bench_subject s ON s.i = t.subject JOIN bench_contact c ON c.i = t.contact
    JOIN bench_agent a ON a.i = t.agent JOIN bench_category k ON k.i = t.category
ORDER BY n;

ANALYZE tickets_ticket;
ALTER TABLE bench_ticket ADD id bigint, ADD requester_id bigint, ADD agent_id bigint;
UPDATE bench_ticket b SET id = t.id, requester_id = t.requester_id, agent_id = a.id
FROM tickets_ticket t, bench, bench_agent a
WHERE t.tenant_id = tenant AND t.number = last_number + b.n AND a.i = b.agent;
ANALYZE bench_ticket;

INSERT INTO tickets_ticketcounter (tenant_id, last_number) SELECT tenant, last_number + tickets FROM bench
ON CONFLICT (tenant_id) DO UPDATE SET last_number = EXCLUDED.last_number;

-- Messages in the order in which they came in: customer and agent by turns, one in twelve an internal note.
CREATE TEMP TABLE bench_message AS
SELECT t.id AS ticket_id, m, filed_at + interval '3 hours' * (m - 1) * (0.5 + share) AS at, b.text AS body,
    CASE WHEN m % 2 = 1 THEN requester_id ELSE agent_id END AS author_id, m % 2 = 0 AS from_staff,
    CASE WHEN m % 2 = 0 AND random() < 0.16 THEN 'note' ELSE 'reply' END AS kind, t.status, t.priority
FROM bench CROSS JOIN bench_ticket t CROSS JOIN LATERAL generate_series(1, messages) AS m
    JOIN bench_body b ON b.i = 1 + (t.n * 7919 + m * 104729) % bodies;
ANALYZE bench_message;

INSERT INTO tickets_message (tenant_id, ticket_id, author_id, kind, from_staff, is_automatic, body, body_html, created_at)
SELECT tenant, ticket_id, author_id, kind, from_staff, false, said, '<p>' || said || '</p>', at
FROM bench, (
    SELECT *, body || ' Reference ' || (ticket_id * 31 + m) || CASE WHEN ticket_id % 9000 = 17 THEN ' zirconium' ELSE '' END AS said
    FROM bench_message
) AS texts
ORDER BY at;
ANALYZE tickets_message;

INSERT INTO tickets_ticketevent (tenant_id, ticket_id, kind, at, actor_id, message_id, status, priority, data)
SELECT tenant, m.ticket_id, CASE WHEN b.m = 1 THEN 'filed' WHEN m.kind = 'note' THEN 'noted' ELSE 'replied' END,
    m.created_at, m.author_id, m.id, CASE WHEN b.m = 1 THEN 'new' ELSE 'open' END, b.priority,
    CASE WHEN b.m = 1 THEN '{"channel": "portal"}'::jsonb
        ELSE jsonb_build_object('from_staff', m.from_staff, 'automatic', false) END
FROM bench, bench_message b JOIN tickets_message m ON m.ticket_id = b.ticket_id AND m.created_at = b.at
UNION ALL
SELECT tenant, id, 'assigned', filed_at + interval '1 hour', agent_id, NULL, 'new', priority,
    '{"from": "", "to": "Somebody"}'::jsonb FROM bench, bench_ticket WHERE status <> 'new'
UNION ALL
SELECT tenant, id, 'status_changed', least(now(), filed_at + interval '1 day' * (0.9 + share)), agent_id, NULL,
    status, priority, jsonb_build_object('from', 'open', 'to', status)
FROM bench, bench_ticket WHERE status IN ('pending', 'on_hold', 'awaiting_approval')
UNION ALL
SELECT tenant, id, 'resolved', least(now(), filed_at + interval '1 day' * (1 + share)), agent_id, NULL,
    'resolved', priority, '{"from": "open", "to": "resolved"}'::jsonb
FROM bench, bench_ticket WHERE status IN ('resolved', 'closed')
ORDER BY 4;

-- Clocks: the answer, and the solution; no step of them is due yet.
INSERT INTO sla_agreement (tenant_id, contract_id, plan_version_id, calendar_version_id)
SELECT tenant, k.id, current_setting('bench.plan_version')::bigint, v.id
FROM bench, sla_contract k, sla_calendarversion v
WHERE k.tenant_id = tenant AND v.calendar_id = current_setting('bench.calendar')::bigint
ON CONFLICT DO NOTHING;

INSERT INTO sla_clock (tenant_id, ticket_id, metric, cycle, agreement_id, status, started_at, at_risk_at, due_at,
    remaining, unit, aim, "limit", left_out, due_is_manual, ended_at, breached_at, next_action_at, error)
SELECT tenant, t.id, clocks.metric, 1, a.id,
    CASE WHEN met THEN 'met' WHEN t.due_state = 'paused' THEN 'paused' ELSE 'running' END,
    t.filed_at, coalesce(t.at_risk_at, t.filed_at + interval '4 hours'), coalesce(t.due_at, t.filed_at + interval '8 hours'),
    CASE WHEN NOT met AND t.due_state = 'paused' THEN 36000 END, g.unit, g.aim, g."limit", '{}', false,
    CASE WHEN met THEN coalesce(t.resolved_at, t.filed_at + interval '2 hours') END, NULL,
    CASE WHEN NOT met AND t.due_at > now() THEN greatest(t.at_risk_at, now() + interval '2 days') END, ''
FROM bench, tickets_ticket t JOIN bench_ticket b ON b.id = t.id JOIN sla_contract k ON k.customer_id = t.customer_id
    JOIN sla_agreement a ON a.contract_id = k.id
    JOIN sla_target g ON g.plan_version_id = a.plan_version_id AND g.metric = 'first_response' AND g.priority = t.priority
    CROSS JOIN LATERAL (VALUES ('first_response', t.status <> 'new'),
        ('resolution', t.status IN ('resolved', 'closed'))) AS clocks(metric, met)
WHERE NOT (only_new AND clocks.metric = 'resolution');

-- Some of it has been told, most has been read.
INSERT INTO notifications_notification (tenant_id, recipient_id, kind, key, title, body, path, created_at, read_at)
SELECT tenant, agent_id, 'assigned', 'bench:' || id, 'Assigned to you', '', '/tickets/' || (last_number + n) || '/',
    filed_at, CASE WHEN n < tickets * 0.995 THEN filed_at + interval '1 hour' END
FROM bench, bench_ticket WHERE NOT only_new;

DROP TABLE bench, bench_person, bench_customer, bench_agent, bench_contact, bench_category, bench_size, bench_ticket,
    bench_message;
