-- What stands between an action and its token, the ends of the console's own keys, and the consoles of other sites.

-- Opened by a check, closed by a person or by the evidence arriving; each end is a record of its own in the chain.
CREATE TABLE integrity_conditions (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  code text NOT NULL,
  scope text NOT NULL,
  detail text NOT NULL,
  escalation text,
  decision text,
  opened_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  gaps jsonb NOT NULL,
  resolved_at timestamptz(3),
  resolution text,
  resolved_by text,
  reason_code text,
  reason_ref text
);
CREATE UNIQUE INDEX integrity_conditions_open ON integrity_conditions (tenant, code, scope) WHERE resolved_at IS NULL;
CREATE INDEX integrity_conditions_scope ON integrity_conditions (tenant, scope);

-- A key row never changes; that it ended is a row of its own.
ALTER TABLE console_keys DROP COLUMN retired_at;
CREATE TABLE console_key_retirements (
  keyid text PRIMARY KEY,
  retired_at timestamptz(3) NOT NULL,
  compromised boolean NOT NULL
);

CREATE TABLE mesh_peers (
  name text PRIMARY KEY,
  url text NOT NULL,
  log_vkey text NOT NULL UNIQUE,
  public_key bytea NOT NULL UNIQUE,
  added_at timestamptz(3) NOT NULL
);

-- What one organisation of ours and one peer may show each other; the latest row of a pair counts.
CREATE TABLE mesh_shares (
  peer text NOT NULL REFERENCES mesh_peers (name),
  tenant text NOT NULL REFERENCES tenants (id),
  gives boolean NOT NULL,
  takes boolean NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (peer, tenant)
);

-- Heads of other logs that we cosigned, written before the cosignature is answered; the largest is where we are.
CREATE TABLE peer_checkpoints (
  origin text NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  note bytea NOT NULL,
  cosigned_at timestamptz(3) NOT NULL,
  PRIMARY KEY (origin, size)
);

-- Records of other consoles that decisions here continue, with the proofs that came with them.
CREATE TABLE foreign_records (
  tenant text NOT NULL,
  id text NOT NULL,
  peer text NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  evidence bytea NOT NULL,
  fetched_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, id)
);

-- Parents that were asked for and not had, so that a peer is not asked again at every look.
CREATE TABLE foreign_attempts (
  tenant text NOT NULL,
  id text NOT NULL,
  attempts integer NOT NULL,
  next_at timestamptz(3) NOT NULL,
  last_error text NOT NULL,
  PRIMARY KEY (tenant, id)
);
