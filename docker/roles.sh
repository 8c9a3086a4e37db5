#!/bin/sh
# Run once by the database's image when its data folder is new: makes the two roles (supportdesk/roles.sql).
set -eu
: "${ROLES_SQL:=/docker-entrypoint-initdb.d/roles.sql.in}"
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set roles="$ROLES_SQL" --set owner_password="$DESK_OWNER_PASSWORD" --set app_password="$DESK_APP_PASSWORD" <<'SQL'
\set QUIET on
\o /dev/null
SELECT set_config('desk.owner', 'supportdesk_owner', false), set_config('desk.app', 'supportdesk_app', false),
    set_config('desk.owner_password', :'owner_password', false),
    set_config('desk.app_password', :'app_password', false);
\o
\i :roles
SQL
