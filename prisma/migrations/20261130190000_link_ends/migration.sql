-- A link of accounts can be ended by compliance, with a reason; the row stays, because a request that waited while the
-- link stood is still measured by it.
ALTER TABLE person_links
  ADD COLUMN ended_at timestamptz(3),
  ADD COLUMN ended_by text,
  ADD COLUMN ending text,
  ADD COLUMN ending_ref text,
  ADD CONSTRAINT person_links_end_whole CHECK (
    (ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ending IS NULL)
    AND (ended_at IS NULL) = (ending_ref IS NULL));
