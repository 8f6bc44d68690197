-- Who registered the content of which version, and the record that says so; the content stands in versions, by digest.
CREATE TABLE version_registrations (
  tenant text NOT NULL,
  digest text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  media_type text NOT NULL,
  byte_count integer NOT NULL,
  producer text NOT NULL,
  registered_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (tenant, digest, kind, name, version)
);
CREATE INDEX version_registrations_name ON version_registrations (tenant, kind, name, registered_at);

-- A name's versions in the order in which they were first seen.
CREATE INDEX versions_name ON versions (tenant, kind, name, first_seen_at);
-- Which version was in force: the last change of a name before a time.
CREATE INDEX changes_name ON changes (tenant, target, name, occurred_at);
