-- Telling people and machines that something waits: where to (channels), what of (notifications, written in the
-- transaction of what they tell), and each attempt to tell it (deliveries). Nothing here is evidence.

CREATE TABLE notification_channels (
  tenant text NOT NULL REFERENCES tenants (id),
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('email', 'slack', 'webhook', 'callback')),
  settings jsonb NOT NULL,
  secrets bytea,
  kinds text[] NOT NULL DEFAULT '{}',
  gateway text,
  enabled boolean NOT NULL,
  allow_private boolean NOT NULL,
  added_at timestamptz(3) NOT NULL,
  last_sent_at timestamptz(3),
  last_error text,
  last_error_at timestamptz(3),
  PRIMARY KEY (tenant, name),
  CHECK ((type = 'callback') = (gateway IS NOT NULL))
);

CREATE TABLE notification_preferences (
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  kinds text[] NOT NULL,
  quiet_from integer,
  quiet_to integer,
  time_zone text NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, person)
);

CREATE TABLE notifications (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  kind text NOT NULL,
  ref text NOT NULL,
  occasion text NOT NULL,
  about jsonb NOT NULL,
  expires_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  spread_at timestamptz(3),
  UNIQUE (tenant, kind, ref, occasion)
);
CREATE INDEX notifications_waiting ON notifications (created_at) WHERE spread_at IS NULL;
CREATE INDEX notifications_ended ON notifications (spread_at);

CREATE TABLE notification_deliveries (
  id text PRIMARY KEY,
  notification text NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
  tenant text NOT NULL,
  channel text NOT NULL,
  person text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'moot', 'given_up')),
  attempts integer NOT NULL,
  next_at timestamptz(3) NOT NULL,
  last_error text,
  created_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  UNIQUE (notification, channel, person)
);
CREATE INDEX notification_deliveries_due ON notification_deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX notification_deliveries_channel ON notification_deliveries (tenant, channel, created_at);

-- Claims are taken back by time.
CREATE INDEX escalations_lease ON escalations (lease_until) WHERE lease_until IS NOT NULL;
