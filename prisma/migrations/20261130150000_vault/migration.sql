-- The vault: where subject tokens map to identifiers. A schema of its own, which the app's role cannot enter
-- (lib/server/database/privileges.ts); `countersign_vault` reads it over a pool of its own. Payloads move under the data
-- keys of their subjects and into partitions by expiry, so that erasure destroys a key and retention drops a month.

CREATE SCHEMA vault;

-- A data key encrypts everything kept about one subject; erasure destroys the row.
CREATE TABLE vault.subject_keys (
  tenant text NOT NULL,
  subject text NOT NULL,
  key_id text NOT NULL,
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, subject)
);
CREATE INDEX subject_keys_kek ON vault.subject_keys (kek_id);

-- Key-encryption keys by name only; the newest that is not retired wraps.
CREATE TABLE vault.key_encryption_keys (
  kek_id text PRIMARY KEY,
  created_at timestamptz(3) NOT NULL,
  retired_at timestamptz(3)
);

CREATE TABLE vault.identifiers (
  tenant text NOT NULL,
  token text NOT NULL,
  type text NOT NULL,
  blind_index bytea NOT NULL CHECK (length(blind_index) = 32),
  index_key text NOT NULL,
  key_id text NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, token),
  UNIQUE (tenant, type, blind_index)
);

-- What waits for a second person. An identifier waits as its blind index, never as itself.
CREATE TABLE vault.requests (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  requested_by text NOT NULL,
  authority text NOT NULL,
  purpose text NOT NULL,
  case_ref text NOT NULL,
  target text,
  identifier_type text,
  blind_index bytea,
  requested_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  decided_by text,
  decided_at timestamptz(3)
);
CREATE INDEX vault_requests_open ON vault.requests (tenant, state, requested_at);

-- ── What the console did with it: appended only ───────────────────────────────────────────────────────────────────
CREATE TABLE looks (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  kind text NOT NULL,
  at timestamptz(3) NOT NULL,
  person text NOT NULL,
  authority text NOT NULL,
  purpose text NOT NULL,
  case_ref text NOT NULL,
  identifier_type text,
  target text,
  found boolean NOT NULL,
  request text,
  granted_by text,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX looks_tenant ON looks (tenant, at, id);
CREATE INDEX looks_case ON looks (tenant, case_ref, target);

CREATE TABLE vault_policies (
  tenant text NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, version)
);

CREATE TABLE retention_schedules (
  tenant text NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, version)
);

CREATE TABLE retention_deletions (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  at timestamptz(3) NOT NULL,
  kind text NOT NULL,
  schedule integer NOT NULL,
  due_before timestamptz(3) NOT NULL,
  n bigint NOT NULL,
  held bigint NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX retention_deletions_tenant ON retention_deletions (tenant, at, id);

CREATE TABLE holds (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  subjects text[] NOT NULL,
  agents text[] NOT NULL,
  from_at timestamptz(3),
  until_at timestamptz(3),
  scope_case text,
  case_ref text NOT NULL,
  reason_code text NOT NULL,
  reason_ref text NOT NULL,
  placed_by text NOT NULL,
  authority text NOT NULL,
  placed_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX holds_tenant ON holds (tenant, placed_at, id);

CREATE TABLE hold_releases (
  hold text PRIMARY KEY,
  tenant text NOT NULL,
  reason_code text NOT NULL,
  requested_by text NOT NULL,
  released_by text NOT NULL,
  released_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);

CREATE TABLE erasures (
  tenant text NOT NULL,
  token text NOT NULL,
  id text NOT NULL,
  at timestamptz(3) NOT NULL,
  requested_by text NOT NULL,
  granted_by text,
  purpose text NOT NULL,
  case_ref text NOT NULL,
  report jsonb NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (tenant, token)
);
CREATE INDEX erasures_tenant ON erasures (tenant, at, id);

-- What became of a payload whose row is gone; the digest is salted, and the salt went with the row.
CREATE TABLE payload_ends (
  tenant text NOT NULL,
  ref text NOT NULL,
  digest text NOT NULL,
  cause text NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (tenant, ref)
);

-- ── Payloads by month of expiry ───────────────────────────────────────────────────────────────────────────────────
-- Partitions lie in a schema of their own, which nobody but these functions enters: to the app there is one table.
CREATE SCHEMA payload_months;

ALTER TABLE payloads RENAME TO payloads_before;
ALTER TABLE payloads_before RENAME CONSTRAINT payloads_pkey TO payloads_before_pkey;
DROP INDEX payloads_expiry;

CREATE TABLE payloads (
  ref text NOT NULL,
  tenant text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  subjects text[] NOT NULL,
  agent text,
  schedule integer NOT NULL,
  media_type text NOT NULL,
  byte_count integer NOT NULL,
  key_id text NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  salt bytea NOT NULL,
  digest text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (ref, expires_at)
) PARTITION BY RANGE (expires_at);
CREATE INDEX payloads_expiry ON payloads (expires_at);
CREATE INDEX payloads_subjects ON payloads USING gin (subjects);
CREATE INDEX payloads_kind ON payloads (tenant, kind, schedule);

-- Months for this year and the two after it, years beyond: a read by reference asks some forty partitions, not hundreds.
-- A year that was made as one stays one.
CREATE FUNCTION ensure_payload_partition(expires timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  at timestamp := expires AT TIME ZONE 'UTC';
  unit text := CASE WHEN extract(year FROM at) <= extract(year FROM now() AT TIME ZONE 'UTC') + 2 THEN 'month' ELSE 'year' END;
  starts timestamp;
  ends timestamp;
  name text;
BEGIN
  IF to_regclass(format('payload_months.%I', to_char(at, '"m"YYYY_MM'))) IS NOT NULL
     OR to_regclass(format('payload_months.%I', to_char(at, '"y"YYYY'))) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7270736915);
  IF to_regclass(format('payload_months.%I', to_char(at, '"m"YYYY_MM'))) IS NOT NULL
     OR to_regclass(format('payload_months.%I', to_char(at, '"y"YYYY'))) IS NOT NULL THEN RETURN; END IF;
  starts := date_trunc(unit, at);
  ends := starts + CASE unit WHEN 'month' THEN interval '1 month' ELSE interval '1 year' END;
  name := to_char(starts, CASE unit WHEN 'month' THEN '"m"YYYY_MM' ELSE '"y"YYYY' END);
  EXECUTE format('CREATE TABLE payload_months.%I PARTITION OF public.payloads FOR VALUES FROM (%L) TO (%L)',
                 name, starts AT TIME ZONE 'UTC', ends AT TIME ZONE 'UTC');
-- A session's cache may still hold that there was none, though another has made it and committed.
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;

-- Partitions that lie wholly before `cutoff`, oldest first.
CREATE FUNCTION list_past_payload_partitions(cutoff timestamptz) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
  SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE i.inhparent = 'public.payloads'::regclass AND n.nspname = 'payload_months'
     AND CASE left(c.relname, 1)
           WHEN 'm' THEN to_date(substr(c.relname, 2), 'YYYY_MM') + interval '1 month'
           ELSE to_date(substr(c.relname, 2), 'YYYY') + interval '1 year' END
         <= (LEAST(cutoff, now()) AT TIME ZONE 'UTC')
   ORDER BY substr(c.relname, 2);
$$;

-- Drops a past partition that nothing is left in. What lay there was deleted row by row under the holds' lock, and recorded.
CREATE FUNCTION drop_payload_partition(partition_name text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  filled boolean;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.list_past_payload_partitions(now()) p WHERE p = partition_name) THEN RETURN false; END IF;
  EXECUTE 'LOCK TABLE public.payloads IN ACCESS EXCLUSIVE MODE';
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM payload_months.%I)', partition_name) INTO filled;
  IF filled THEN RETURN false; END IF;
  EXECUTE format('DROP TABLE payload_months.%I', partition_name);
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION ensure_payload_partition(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION list_past_payload_partitions(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_payload_partition(text) FROM PUBLIC;

DO $$
DECLARE
  expires timestamptz;
BEGIN
  FOR expires IN SELECT DISTINCT date_trunc('month', expires_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' FROM payloads_before LOOP
    PERFORM ensure_payload_partition(expires);
  END LOOP;
END $$;

INSERT INTO payloads (ref, tenant, kind, subject, subjects, agent, schedule, media_type, byte_count, key_id, nonce, ciphertext,
    salt, digest, created_at, expires_at)
SELECT p.ref, p.tenant,
    CASE WHEN EXISTS (SELECT 1 FROM reviews r WHERE r.reason_ref = p.ref) THEN 'review_reason'
         WHEN EXISTS (SELECT 1 FROM integrity_conditions c WHERE c.reason_ref = p.ref) THEN 'condition_reason'
         WHEN EXISTS (SELECT 1 FROM escalations e WHERE e.action_ref = p.ref) THEN 'escalation_action'
         WHEN EXISTS (SELECT 1 FROM escalations e WHERE e.evidence_ref = p.ref) THEN 'escalation_evidence'
         ELSE 'producer_payload' END,
    p.subject,
    ARRAY(SELECT DISTINCT s FROM unnest(ARRAY[p.subject] || ARRAY(
      SELECT t ->> 'token' FROM escalations e CROSS JOIN LATERAL jsonb_array_elements(e.subjects) t
       WHERE e.action_ref = p.ref OR e.evidence_ref = p.ref
          OR e.id IN (SELECT r.escalation FROM reviews r WHERE r.reason_ref = p.ref))) s WHERE s IS NOT NULL),
    (SELECT e.agent FROM escalations e WHERE e.action_ref = p.ref OR e.evidence_ref = p.ref LIMIT 1),
    0, p.media_type, p.byte_count, p.key_id, p.nonce, p.ciphertext, p.salt, p.digest, p.created_at, p.expires_at
  FROM payloads_before p;
DROP TABLE payloads_before;
