-- The house: people, producers, immutable evidence, heads and queues, projections, payloads.
-- Distribution column first in every key of a big table (Citus); no triggers: append-only rests on privileges,
-- which `countersign migrate` grants to the app's role from lib/server/database/privileges.ts.

-- ── Tenants and people ────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE tenants (
  id text PRIMARY KEY,
  name text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL
);

CREATE TABLE people (
  id text PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  password_hash text,
  created_at timestamptz(3) NOT NULL,
  disabled_at timestamptz(3)
);

CREATE TABLE memberships (
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, person, role)
);

-- What a reviewer may approve; no row means nothing. An empty `tools` means every tool.
CREATE TABLE authorities (
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  max_tier text NOT NULL,
  max_amount numeric(24, 4),
  currency text,
  tools text[] NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, person)
);

-- A person's other names in a tenant: the subject token under which actions are done for them, the agents they own,
-- the producers they operate. Nobody decides what one of their own names asked for.
CREATE TABLE person_links (
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  kind text NOT NULL,
  value text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, kind, value, person)
);

CREATE TABLE one_time_links (
  secret_digest bytea PRIMARY KEY,
  -- NULL: whoever holds the link founds the first organisation.
  tenant text REFERENCES tenants (id),
  role text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);

-- ── Producers and their keys ──────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE producers (
  id text PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  name text NOT NULL,
  kind text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  disabled_at timestamptz(3)
);
CREATE INDEX producers_tenant ON producers (tenant, id);

CREATE TABLE producer_keys (
  keyid text PRIMARY KEY,
  producer text NOT NULL REFERENCES producers (id),
  public_key bytea NOT NULL,
  valid_from timestamptz(3) NOT NULL,
  retired_at timestamptz(3)
);
CREATE INDEX producer_keys_producer ON producer_keys (producer);

-- The console's own public keys (journal, log, approval, drill), kept for ever with their validity.
CREATE TABLE console_keys (
  keyid text PRIMARY KEY,
  purpose text NOT NULL,
  public_key bytea NOT NULL,
  valid_from timestamptz(3) NOT NULL,
  retired_at timestamptz(3)
);

-- ── Immutable evidence (INSERT and SELECT only) ───────────────────────────────────────────────────────────────────
CREATE TABLE records (
  stream text NOT NULL,
  position bigint NOT NULL,
  tenant text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  seq bigint NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3) NOT NULL,
  envelope bytea NOT NULL,
  link bytea NOT NULL,
  PRIMARY KEY (stream, position),
  UNIQUE (stream, id)
);
-- Base64 hardly compresses, and trying costs more than storing it: rows up to a page stay in the table as they are.
ALTER TABLE records ALTER COLUMN envelope SET STORAGE EXTERNAL;
ALTER TABLE records SET (toast_tuple_target = 8160);
CREATE INDEX records_tenant_kind ON records (tenant, kind, occurred_at DESC, id) WHERE kind NOT IN ('decision', 'heartbeat');
CREATE INDEX records_id ON records (id);

CREATE TABLE entries (
  index bigint PRIMARY KEY,
  stream text NOT NULL,
  position bigint NOT NULL,
  leaf bytea NOT NULL,
  UNIQUE (stream, position)
);

-- `root` is the hash over the 256: one hash of the level above, so that a half-full upper tile costs no re-hashing.
CREATE TABLE tiles (
  level integer NOT NULL,
  n bigint NOT NULL,
  hashes bytea NOT NULL,
  root bytea NOT NULL,
  PRIMARY KEY (level, n)
);

CREATE TABLE checkpoints (
  size bigint PRIMARY KEY,
  root bytea NOT NULL,
  note bytea NOT NULL,
  created_at timestamptz(3) NOT NULL
);

CREATE TABLE receipts (
  size bigint NOT NULL,
  witness text NOT NULL,
  n integer NOT NULL,
  receipt bytea NOT NULL,
  verified_at timestamptz(3) NOT NULL,
  PRIMARY KEY (size, witness, n)
);

CREATE TABLE evaluations (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  gateway text NOT NULL,
  action_digest text NOT NULL,
  verdict text NOT NULL,
  control text,
  rule text,
  reason_code text NOT NULL,
  tier text NOT NULL,
  requestable boolean NOT NULL,
  policy_id text NOT NULL,
  policy_version integer NOT NULL,
  policy_digest text NOT NULL,
  quorum jsonb NOT NULL,
  measured jsonb NOT NULL,
  budgets jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX evaluations_expiry ON evaluations (expires_at);

CREATE TABLE reviews (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  escalation text NOT NULL,
  person text NOT NULL,
  role text NOT NULL,
  verdict text NOT NULL,
  reason_code text NOT NULL,
  reason_ref text NOT NULL,
  statement bytea NOT NULL,
  statement_digest text NOT NULL,
  method text NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  review_dwell_ms integer NOT NULL,
  active_ms integer NOT NULL,
  coverage text[] NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  UNIQUE (escalation, person)
);
CREATE INDEX reviews_person ON reviews (tenant, person, decided_at DESC);

-- An approval is the claims that were committed; the token is their deterministic signature.
CREATE TABLE approvals (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  escalation text NOT NULL UNIQUE,
  audience text NOT NULL,
  kid text NOT NULL,
  claims bytea NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);

CREATE TABLE redemptions (
  approval text PRIMARY KEY,
  tenant text NOT NULL,
  gateway text NOT NULL,
  action_digest text NOT NULL,
  redeemed_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);

CREATE TABLE revocations (
  approval text PRIMARY KEY,
  tenant text NOT NULL,
  reason_code text NOT NULL,
  revoked_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);

CREATE TABLE outcomes (
  approval text PRIMARY KEY,
  tenant text NOT NULL,
  state text NOT NULL,
  downstream jsonb NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);

CREATE TABLE policies (
  tenant text NOT NULL,
  id text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  document text NOT NULL,
  active_from timestamptz(3) NOT NULL,
  published_by text NOT NULL,
  PRIMARY KEY (tenant, id, version)
);

-- ── Heads and queues ──────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE streams (
  stream text PRIMARY KEY,
  tenant text NOT NULL,
  producer text NOT NULL,
  position bigint NOT NULL,
  link bytea NOT NULL,
  last_seq bigint NOT NULL,
  last_seen_at timestamptz(3) NOT NULL
);
CREATE INDEX streams_tenant ON streams (tenant, stream);

-- A hole in a producer's own counter proves loss until late records fill it.
CREATE TABLE stream_gaps (
  stream text NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  noted_at timestamptz(3) NOT NULL,
  PRIMARY KEY (stream, from_seq)
);

-- Kept apart from `streams` so that the sequencer never waits for an append, nor an append for the sequencer.
CREATE TABLE stream_integrations (
  stream text PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE log_heads (
  log text PRIMARY KEY,
  size bigint NOT NULL,
  edge bytea NOT NULL,
  checkpoint_size bigint NOT NULL,
  checkpoint_at timestamptz(3) NOT NULL,
  halted_code text
);

CREATE TABLE escalations (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  gateway text NOT NULL,
  gateway_key text NOT NULL,
  idempotency_key text NOT NULL,
  request_digest text NOT NULL,
  evaluation text NOT NULL,
  decision text,
  instance text NOT NULL,
  state text NOT NULL,
  version integer NOT NULL,
  action_digest text NOT NULL,
  action_ref text NOT NULL,
  evidence_ref text,
  sentence jsonb NOT NULL,
  agent text NOT NULL,
  principal text,
  tool text NOT NULL,
  tier text NOT NULL,
  control text NOT NULL,
  rule text NOT NULL,
  reason_code text NOT NULL,
  amount numeric(24, 4),
  currency text,
  counterparty text,
  subjects jsonb NOT NULL,
  trace_id text,
  policy_id text NOT NULL,
  policy_version integer NOT NULL,
  policy_digest text NOT NULL,
  quorum jsonb NOT NULL,
  measured jsonb NOT NULL,
  budgets jsonb NOT NULL,
  approvals integer NOT NULL DEFAULT 0,
  lease_person text,
  lease_until timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  UNIQUE (tenant, gateway, idempotency_key),
  -- One denial is lifted at most once.
  UNIQUE (tenant, evaluation)
);
CREATE INDEX escalations_queue ON escalations (tenant, state, expires_at, id);
CREATE INDEX escalations_expiry ON escalations (expires_at) WHERE state = 'pending';
CREATE INDEX escalations_counterparty ON escalations (tenant, counterparty, created_at DESC);
CREATE INDEX escalations_rule ON escalations (tenant, rule, created_at DESC);
CREATE INDEX escalations_ended ON escalations (tenant, ended_at DESC, id DESC) WHERE ended_at IS NOT NULL;
CREATE INDEX escalations_principal ON escalations (tenant, principal, created_at DESC);
CREATE INDEX escalations_decision ON escalations (tenant, decision);

-- One row per person and escalation: made when its content is first disclosed, timed from the first full render.
CREATE TABLE review_sessions (
  escalation text NOT NULL,
  person text NOT NULL,
  tenant text NOT NULL,
  read_at timestamptz(3) NOT NULL,
  opened_at timestamptz(3),
  last_beat_at timestamptz(3),
  active_ms integer NOT NULL DEFAULT 0,
  coverage jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (escalation, person)
);

-- What was allowed or approved, reserved at evaluation or redemption: budgets and thresholds are windows over it.
CREATE TABLE action_uses (
  tenant text NOT NULL,
  evaluation text NOT NULL,
  at timestamptz(3) NOT NULL,
  agent text NOT NULL,
  principal text NOT NULL,
  tool text NOT NULL,
  category text NOT NULL,
  counterparty text,
  amount numeric(24, 4),
  currency text,
  PRIMARY KEY (tenant, evaluation)
);
CREATE INDEX action_uses_tenant ON action_uses (tenant, at);
CREATE INDEX action_uses_principal ON action_uses (tenant, principal, at);
CREATE INDEX action_uses_agent ON action_uses (tenant, agent, at);
CREATE INDEX action_uses_counterparty ON action_uses (tenant, counterparty, at);

CREATE TABLE nonces (
  keyid text NOT NULL,
  nonce text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (keyid, nonce)
);
CREATE INDEX nonces_expiry ON nonces (expires_at);

-- ── Projections: rebuilt from records, never the truth ────────────────────────────────────────────────────────────
CREATE TABLE decisions (
  tenant text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  id text NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  agent text NOT NULL,
  agent_version text,
  runtime text,
  principal text,
  session_id text,
  run_id text,
  trace_id text,
  tool text NOT NULL,
  resource text,
  action_digest text,
  tier text NOT NULL,
  verdict text NOT NULL,
  source text NOT NULL,
  control text,
  rule text,
  reason_code text,
  model text,
  model_version text,
  prompt_digest text,
  policy_id text,
  policy_version text,
  amount numeric(24, 4),
  currency text,
  escalation text,
  PRIMARY KEY (tenant, occurred_at, id)
);
CREATE INDEX decisions_id ON decisions (id);
CREATE INDEX decisions_agent ON decisions (tenant, agent, occurred_at, id);
CREATE INDEX decisions_tool ON decisions (tenant, tool, occurred_at, id);
CREATE INDEX decisions_verdict ON decisions (tenant, verdict, occurred_at, id) WHERE verdict <> 'allow';
CREATE INDEX decisions_trace ON decisions (tenant, trace_id, occurred_at, id) WHERE trace_id IS NOT NULL;
CREATE INDEX decisions_run ON decisions (tenant, run_id, occurred_at, id) WHERE run_id IS NOT NULL;
CREATE INDEX decisions_session ON decisions (tenant, session_id, occurred_at, id) WHERE session_id IS NOT NULL;
CREATE INDEX decisions_control ON decisions (tenant, control, occurred_at, id) WHERE control IS NOT NULL;
CREATE INDEX decisions_rule ON decisions (tenant, rule, occurred_at, id) WHERE rule IS NOT NULL;
CREATE INDEX decisions_model ON decisions (tenant, model, occurred_at, id);

CREATE TABLE decision_subjects (
  tenant text NOT NULL,
  token text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  PRIMARY KEY (tenant, token, occurred_at, id)
);

CREATE TABLE edges (
  tenant text NOT NULL,
  source text NOT NULL,
  kind text NOT NULL,
  target text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, source, kind, target)
);
CREATE INDEX edges_reverse ON edges (tenant, target, kind, source);

-- `stream` is in the key so that appends of different streams never wait for each other.
CREATE TABLE rollups (
  tenant text NOT NULL,
  hour timestamptz(3) NOT NULL,
  stream text NOT NULL,
  agent text NOT NULL,
  tool text NOT NULL,
  control text NOT NULL,
  rule text NOT NULL,
  source text NOT NULL,
  verdict text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (tenant, hour, stream, agent, tool, control, rule, source, verdict)
);

CREATE TABLE versions (
  tenant text NOT NULL,
  digest text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  content text,
  first_seen_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, digest)
);

CREATE TABLE changes (
  tenant text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  id text NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  target text NOT NULL,
  name text NOT NULL,
  from_version text,
  to_version text NOT NULL,
  direction text,
  summary text NOT NULL,
  PRIMARY KEY (tenant, occurred_at, id)
);

-- ── Payloads: encrypted, short-lived, erasable ────────────────────────────────────────────────────────────────────
CREATE TABLE payloads (
  ref text PRIMARY KEY,
  tenant text NOT NULL,
  subject text NOT NULL,
  media_type text NOT NULL,
  byte_count integer NOT NULL,
  key_id text NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  salt bytea NOT NULL,
  digest text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX payloads_expiry ON payloads (expires_at);
