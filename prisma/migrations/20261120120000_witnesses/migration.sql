-- Outside witnesses of the log: who they are, what still wants stamping, and the roots by which receipts are checked.

ALTER TABLE receipts
  ADD COLUMN type text NOT NULL,
  ADD COLUMN state text NOT NULL,
  ADD COLUMN witnessed_at timestamptz(3);

CREATE TABLE witnesses (
  name text PRIMARY KEY,
  type text NOT NULL,
  settings jsonb NOT NULL,
  secrets bytea,
  every_seconds integer NOT NULL,
  enabled boolean NOT NULL,
  demo boolean NOT NULL,
  added_at timestamptz(3) NOT NULL
);

CREATE TABLE witness_jobs (
  witness text NOT NULL,
  size bigint NOT NULL,
  kind text NOT NULL,
  attempts integer NOT NULL,
  next_at timestamptz(3) NOT NULL,
  last_error text,
  last_error_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (witness, size, kind)
);
CREATE INDEX witness_jobs_due ON witness_jobs (next_at);

CREATE TABLE trust_roots (
  fingerprint text NOT NULL,
  kind text NOT NULL,
  root jsonb NOT NULL,
  pinned_by text NOT NULL,
  pinned_at timestamptz(3) NOT NULL,
  unpinned_at timestamptz(3),
  PRIMARY KEY (fingerprint, kind)
);
