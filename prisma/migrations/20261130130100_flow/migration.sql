-- What happens to an escalation between submission and verdict beside claims: narrowing into a new request, questions to
-- the agent's owner, comments, first impressions, deferrals, recommendations by machines, and a gateway's callback.

ALTER TABLE escalations
  ADD COLUMN supersedes text,
  ADD COLUMN superseded_by text,
  ADD COLUMN edited_by text,
  ADD COLUMN editor_counts boolean NOT NULL DEFAULT true,
  ADD COLUMN adopted_at timestamptz(3),
  ADD COLUMN recommendation_ref text,
  ADD COLUMN callback text;
CREATE INDEX escalations_narrowed ON escalations (tenant, gateway, action_digest)
  WHERE superseded_by IS NOT NULL OR supersedes IS NOT NULL;

CREATE TABLE first_impressions (
  escalation text NOT NULL,
  person text NOT NULL,
  tenant text NOT NULL,
  impression text NOT NULL CHECK (impression IN ('approve', 'deny', 'unsure')),
  recommended text NOT NULL CHECK (recommended IN ('approve', 'deny', 'unsure')),
  at timestamptz(3) NOT NULL,
  stream text NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (escalation, person)
);

CREATE TABLE information_requests (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  escalation text NOT NULL,
  asked_by text NOT NULL,
  question_ref text NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  answer_ref text,
  answered_by text,
  answered_at timestamptz(3)
);
CREATE INDEX information_requests_escalation ON information_requests (escalation, asked_at);

CREATE TABLE comments (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  escalation text NOT NULL,
  person text NOT NULL,
  text_ref text NOT NULL,
  carries_verdict boolean NOT NULL,
  at timestamptz(3) NOT NULL
);
CREATE INDEX comments_escalation ON comments (escalation, at);

CREATE TABLE deferrals (
  escalation text NOT NULL,
  person text NOT NULL,
  tenant text NOT NULL,
  until timestamptz(3),
  on_information boolean NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (escalation, person),
  CHECK (until IS NOT NULL OR on_information)
);
