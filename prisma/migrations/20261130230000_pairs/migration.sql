-- Counts of one and of two dimensions by UTC day, so that a summary of many days reads as much however many combinations
-- of agent, tool, control, rule, source and stream there are. A console folds days that have ended, also those of before
-- this migration; until then they are counted from `rollup_days`.

-- Of the decisions of a day whose `by_dim` is `by_value`, `n` have `verdict` and `value` as their `dim`. Both dimensions
-- may be '' (with the value ''), which is every decision, and both may be the same. In this order, so that what is asked
-- of a day is one range of the key.
CREATE TABLE rollup_pairs (
  tenant text NOT NULL,
  day timestamptz(3) NOT NULL,
  by_dim text NOT NULL,
  dim text NOT NULL,
  by_value text NOT NULL,
  value text NOT NULL,
  verdict text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (tenant, day, by_dim, dim, by_value, value, verdict)
);

-- Days whose counts stand in `rollup_pairs`.
CREATE TABLE rollup_folds (
  tenant text NOT NULL,
  day timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, day)
);

-- Days that decisions were appended to after they had ended: not to be read from `rollup_pairs`, whether folded or not,
-- until they are folded again. With `stream` in the key, so that streams never wait for each other.
CREATE TABLE rollup_late (
  tenant text NOT NULL,
  day timestamptz(3) NOT NULL,
  stream text NOT NULL,
  marked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant, day, stream)
);
