-- ── Authority: a limit a currency, counterparties, hours ─────────────────────────────────────────────────────────────
ALTER TABLE authorities
  ADD COLUMN limits jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN counterparties text[] NOT NULL DEFAULT '{}',
  ADD COLUMN hours jsonb;
UPDATE authorities
   SET limits = jsonb_build_array(jsonb_build_object('amount', trim_scale(max_amount)::text, 'currency', currency))
 WHERE max_amount IS NOT NULL;
ALTER TABLE authorities DROP COLUMN max_amount, DROP COLUMN currency;

-- Authority lent to a colleague from and until; what was granted and who ended it is in the console's records.
CREATE TABLE delegations (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  delegator text NOT NULL,
  delegate text NOT NULL,
  roles text[] NOT NULL,
  authority jsonb NOT NULL,
  from_at timestamptz(3) NOT NULL,
  until_at timestamptz(3) NOT NULL,
  reason_code text NOT NULL,
  reason_ref text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_by text
);
CREATE INDEX delegations_delegate ON delegations (tenant, delegate, until_at);
CREATE INDEX delegations_delegator ON delegations (tenant, delegator, until_at);

-- By what right a verdict was given, when not by the reviewer's own.
ALTER TABLE reviews
  ADD COLUMN delegation text,
  ADD COLUMN on_behalf_of text,
  ADD COLUMN break_glass text;

-- ── Escalations: whom the counterparty is, and to whom they were raised ──────────────────────────────────────────────
ALTER TABLE escalations
  ADD COLUMN counterparty_class text,
  -- When to look next whether somebody with authority has it; at once for a new one, NULL when there is nobody higher.
  ADD COLUMN raise_check_at timestamptz(3) DEFAULT 'epoch',
  ADD COLUMN raised_at timestamptz(3),
  ADD COLUMN raised_to text,
  ADD COLUMN raised_reason text;
CREATE INDEX escalations_raise ON escalations (raise_check_at) WHERE state = 'pending' AND raise_check_at IS NOT NULL;

-- ── Break-glass: two people, a reason, a short window, and the review afterwards ─────────────────────────────────────
CREATE TABLE break_glasses (
  id text PRIMARY KEY,
  tenant text NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  -- A second person must confirm before this.
  confirm_by timestamptz(3) NOT NULL,
  reason_code text NOT NULL,
  reason_ref text NOT NULL,
  opened_by text,
  opened_at timestamptz(3),
  until_at timestamptz(3),
  tiers text[] NOT NULL,
  relaxes text[] NOT NULL,
  closed_at timestamptz(3),
  closed_by text,
  review_due_at timestamptz(3),
  reviewed_at timestamptz(3),
  reviewed_by text,
  finding text,
  finding_ref text
);
CREATE INDEX break_glasses_tenant ON break_glasses (tenant, asked_at DESC);
CREATE INDEX break_glasses_open ON break_glasses (until_at) WHERE opened_at IS NOT NULL AND closed_at IS NULL;
