#!/usr/bin/env bash
# One database and one role per service, and one for the pages, on the first start of an empty cluster. No role enters another's database.
set -euo pipefail

make_store() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$1" --set password="$2" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
-- Order and case folding by code point on every machine, as in SQLite.
CREATE DATABASE :"service" OWNER :"service"
    TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
}

make_store case "$CASE_DATABASE_PASSWORD"
make_store assessment "$ASSESSMENT_DATABASE_PASSWORD"
make_store consent "$CONSENT_DATABASE_PASSWORD"
make_store practitioner "$PRACTITIONER_DATABASE_PASSWORD"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --command 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC'
