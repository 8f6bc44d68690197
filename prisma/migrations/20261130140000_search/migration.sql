-- Search by model and its version, prompt, policy, guardrail verdict, reviewer and downstream id; counts by day.
-- `countersign rebuild` fills these for records that were appended before.
ALTER TABLE decisions
  ADD COLUMN prompt text,
  ADD COLUMN prompt_version text,
  -- One line a guardrail that was evaluated, "name=verdict", with a line break before the first and after each.
  ADD COLUMN guardrails text;

DROP INDEX decisions_model;
CREATE INDEX decisions_model ON decisions (tenant, model, model_version, occurred_at, id) WHERE model IS NOT NULL;
CREATE INDEX decisions_prompt ON decisions (tenant, prompt, prompt_version, occurred_at, id) WHERE prompt IS NOT NULL;
CREATE INDEX decisions_policy ON decisions (tenant, policy_id, policy_version, occurred_at, id) WHERE policy_id IS NOT NULL;
CREATE INDEX decisions_tier ON decisions (tenant, tier, occurred_at, id) WHERE tier = 'unbounded';

-- What a decision has several of, or what other records say of it later: guardrails that did not pass, who reviewed it,
-- what it created elsewhere.
CREATE TABLE decision_marks (
  tenant text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (tenant, kind, value, occurred_at, id)
);

-- Marks that name their decision, its escalation or its approval by id only, in whatever order the records arrive; they
-- are joined to the decision as soon as it is there, and tried again until `try_at` is null.
CREATE TABLE late_marks (
  tenant text NOT NULL,
  owner text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  tries integer NOT NULL,
  try_at timestamptz(3),
  PRIMARY KEY (tenant, owner, kind, value)
);
CREATE INDEX late_marks_due ON late_marks (try_at) WHERE try_at IS NOT NULL;

-- As `rollups`, by UTC day: a quarter of a year is summed up from days and the hours at its ends.
CREATE TABLE rollup_days (
  tenant text NOT NULL,
  day timestamptz(3) NOT NULL,
  stream text NOT NULL,
  agent text NOT NULL,
  tool text NOT NULL,
  control text NOT NULL,
  rule text NOT NULL,
  source text NOT NULL,
  verdict text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (tenant, day, stream, agent, tool, control, rule, source, verdict)
);
INSERT INTO rollup_days (tenant, day, stream, agent, tool, control, rule, source, verdict, n)
  SELECT tenant, date_trunc('day', hour, 'UTC'), stream, agent, tool, control, rule, source, verdict, sum(n)
  FROM rollups GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- A person's own searches, shared with the organisation when they say so.
CREATE TABLE saved_searches (
  id text PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  person text NOT NULL REFERENCES people (id),
  name text NOT NULL,
  query text NOT NULL,
  shared boolean NOT NULL,
  saved_at timestamptz(3) NOT NULL,
  UNIQUE (tenant, person, name)
);
