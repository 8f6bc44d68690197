-- Attention of the people who decide: their reading clock, load, what the system did about it, and drills.

-- One clock a person: time in front of two pages at once counts once.
CREATE TABLE reviewer_clocks (
  tenant text NOT NULL,
  person text NOT NULL,
  last_beat_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, person)
);

-- Active reading by clock minute, for stretches without a break and for load by the hour.
CREATE TABLE attention_minutes (
  tenant text NOT NULL,
  person text NOT NULL,
  minute timestamptz(3) NOT NULL,
  active_ms integer NOT NULL,
  PRIMARY KEY (tenant, person, minute)
);
CREATE INDEX attention_minutes_tenant ON attention_minutes (tenant, minute);

-- What the system did to spread load. A row never changes.
CREATE TABLE attention_events (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  person text NOT NULL,
  kind text NOT NULL,
  reason_code text NOT NULL,
  escalation text,
  at timestamptz(3) NOT NULL
);
CREATE INDEX attention_events_person ON attention_events (tenant, person, at);
CREATE INDEX attention_events_tenant ON attention_events (tenant, at);

-- How much there was to read when a verdict was given, and what the policy asked for.
CREATE TABLE review_measures (
  escalation text NOT NULL,
  person text NOT NULL,
  tenant text NOT NULL,
  characters integer NOT NULL,
  items integer NOT NULL,
  required_sections text[] NOT NULL,
  PRIMARY KEY (escalation, person)
);

-- A practice in the queue. Until it is scored only its commitment is in the log.
CREATE TABLE drills (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  state text NOT NULL,
  origin text NOT NULL,
  injected_by text,
  known text NOT NULL,
  recipe text NOT NULL,
  model text NOT NULL,
  instance text NOT NULL,
  salt bytea NOT NULL,
  commitment text NOT NULL,
  clue text NOT NULL,
  surfaces_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  escalation text,
  UNIQUE (escalation)
);
CREATE INDEX drills_due ON drills (tenant, state, surfaces_at);

-- How a drill ended: with a person's verdict, or with nobody looking. A row never changes.
CREATE TABLE drill_scores (
  drill text PRIMARY KEY,
  tenant text NOT NULL,
  escalation text NOT NULL UNIQUE,
  result text NOT NULL,
  person text,
  role text,
  verdict text,
  reason_code text,
  reason_ref text,
  statement bytea,
  statement_digest text,
  method text,
  review_dwell_ms integer,
  active_ms integer,
  coverage text[] NOT NULL DEFAULT '{}',
  kid text,
  claims bytea,
  scored_at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL
);
CREATE INDEX drill_scores_person ON drill_scores (tenant, person, scored_at);
