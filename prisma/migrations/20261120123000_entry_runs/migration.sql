-- The log takes up a stream in runs of consecutive records. One row a run, instead of one a record with two indexes,
-- is what lets the sequencer keep up with hashing; which record stands where, and its leaf, are said as before.

CREATE TABLE entry_runs (
  index bigint PRIMARY KEY,
  stream text NOT NULL,
  position bigint NOT NULL,
  count integer NOT NULL CHECK (count > 0),
  leaves bytea NOT NULL CHECK (length(leaves) = 32 * count),
  UNIQUE (stream, position)
);
ALTER TABLE entry_runs ALTER COLUMN leaves SET STORAGE EXTERNAL;

INSERT INTO entry_runs (index, stream, position, count, leaves)
SELECT min(index), stream, min(position), count(*), string_agg(leaf, ''::bytea ORDER BY index)
FROM entries
GROUP BY stream, index - position, index / 8192;

DROP TABLE entries;
ALTER TABLE entry_runs RENAME TO entries;
ALTER INDEX entry_runs_pkey RENAME TO entries_pkey;
ALTER INDEX entry_runs_stream_position_key RENAME TO entries_stream_position_key;
