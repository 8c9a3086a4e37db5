-- The two roles of a desk's database and what they may do. Read by the runner, the tests and the container
-- alike; the names and passwords come as settings desk.owner, desk.app, desk.owner_password,
-- desk.app_password. Safe to repeat.
--
-- The owner makes and changes tables. The application's role may read and write rows, and keep a batch of
-- them in a table of its own connection while it writes; it owns nothing else, so row security holds for it.

DO $roles$
DECLARE
    owner_role text := current_setting('desk.owner');
    app_role text := current_setting('desk.app');
    owner_password text := current_setting('desk.owner_password', true);
BEGIN
    IF owner_password <> '' THEN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner_role) THEN
            EXECUTE format('CREATE ROLE %I', owner_role);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', owner_role, owner_password);
        EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_database(), owner_role);
    END IF;

    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = app_role) THEN
        EXECUTE format('CREATE ROLE %I', app_role);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', app_role, current_setting('desk.app_password'));

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), owner_role, app_role);
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), app_role);
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA public TO %I', owner_role);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app_role);

    EXECUTE format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public '
        'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', owner_role, app_role);
    EXECUTE format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public '
        'GRANT USAGE, SELECT ON SEQUENCES TO %I', owner_role, app_role);
    -- Tables that were there before, when this is run again or for an older database.
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', app_role);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', app_role);
END
$roles$;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;
