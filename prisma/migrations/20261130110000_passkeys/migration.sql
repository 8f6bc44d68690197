-- The reviewers' own keys, the ceremonies under way, and the links that let somebody begin again after a loss.

-- Counter and last use move; what counts for ever (person, credential, key, end) is in the records key.added and key.retired.
CREATE TABLE passkeys (
  id text PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  credential_id text NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  attestation bytea NOT NULL,
  aaguid text NOT NULL,
  transports text[] NOT NULL,
  backed_up boolean NOT NULL,
  name text NOT NULL,
  sign_count bigint NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  retired_at timestamptz(3),
  ending text,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX passkeys_person ON passkeys (tenant, person);

-- A challenge that this console made: taken once, whatever comes of it.
CREATE TABLE passkey_ceremonies (
  challenge bytea PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  purpose text NOT NULL CHECK (purpose IN ('register', 'confirm', 'sign')),
  -- Of a signature: what is signed, and the salt of the reason's digest in it.
  escalation text,
  statement bytea,
  reason_salt bytea,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX passkey_ceremonies_person ON passkey_ceremonies (tenant, person, purpose);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

CREATE TABLE passkey_links (
  secret_digest bytea PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  issued_by text NOT NULL REFERENCES people (id),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX passkey_links_person ON passkey_links (tenant, person);
