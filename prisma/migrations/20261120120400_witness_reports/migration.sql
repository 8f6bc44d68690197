-- What was found when a receipt was verified, whom it counts for, and which pinned roots that rested on.
ALTER TABLE receipts
  ADD COLUMN report jsonb NOT NULL,
  ADD COLUMN authority text NOT NULL,
  ADD COLUMN roots text[] NOT NULL;
CREATE INDEX receipts_witness ON receipts (witness, state, size);

-- Whether a witness may be at an address of this network.
ALTER TABLE witnesses ADD COLUMN allow_private boolean NOT NULL;
