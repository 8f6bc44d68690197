-- How behaviour changed, whether anything is missing, and when somebody is told.

-- Which versions decisions ran under. The stream is part of the key, so that appends of different streams never wait.
CREATE TABLE version_uses (
  tenant text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  agent text NOT NULL,
  stream text NOT NULL,
  first_at timestamptz(3) NOT NULL,
  last_at timestamptz(3) NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (tenant, kind, name, version, agent, stream)
);

-- Scores of guardrails by the hour, in classes (lib/producers/score-class).
CREATE TABLE guardrail_rollups (
  tenant text NOT NULL,
  hour timestamptz(3) NOT NULL,
  stream text NOT NULL,
  agent text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  threshold text NOT NULL,
  verdict text NOT NULL,
  class integer NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (tenant, hour, stream, agent, name, version, threshold, verdict, class)
);

-- Holes in a producer's counter that late records filled: what was missing, from when to when.
CREATE TABLE closed_gaps (
  stream text NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  noted_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (stream, from_seq)
);

-- How often somebody says a producer should be heard; without a row its heartbeats or its own past say so.
CREATE TABLE producer_rhythms (
  producer text PRIMARY KEY REFERENCES producers (id),
  expected_seconds integer NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz(3) NOT NULL
);

-- One downstream system's own list held against the decisions of its time: ids, amounts and times only.
CREATE TABLE reconciliations (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  system text NOT NULL,
  file_digest text NOT NULL,
  settings jsonb NOT NULL,
  counts jsonb NOT NULL,
  from_at timestamptz(3) NOT NULL,
  to_at timestamptz(3) NOT NULL,
  imported_by text NOT NULL,
  imported_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX reconciliations_tenant ON reconciliations (tenant, imported_at, id);

CREATE TABLE reconciliation_items (
  reconciliation text NOT NULL REFERENCES reconciliations (id),
  n integer NOT NULL,
  finding text NOT NULL,
  line integer,
  external_id text,
  amount numeric(24, 4),
  currency text,
  at timestamptz(3),
  decision text,
  decided_amount numeric(24, 4),
  decided_currency text,
  decided_at timestamptz(3),
  PRIMARY KEY (reconciliation, n)
);
CREATE INDEX reconciliation_items_finding ON reconciliation_items (reconciliation, finding, n);

CREATE TABLE alert_rules (
  tenant text NOT NULL REFERENCES tenants (id),
  id text NOT NULL,
  kind text NOT NULL,
  settings jsonb NOT NULL,
  enabled boolean NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, id)
);

-- Each opening and each closing is a record of its own in the chain.
CREATE TABLE alerts (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  rule text NOT NULL,
  kind text NOT NULL,
  scope text NOT NULL,
  measured jsonb NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  clear_since timestamptz(3),
  closed_at timestamptz(3),
  closing text,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE UNIQUE INDEX alerts_open ON alerts (tenant, rule, scope) WHERE closed_at IS NULL;
CREATE INDEX alerts_tenant ON alerts (tenant, opened_at, id);

CREATE INDEX escalations_created ON escalations (tenant, created_at, id);
CREATE INDEX reviews_decided ON reviews (tenant, decided_at);
