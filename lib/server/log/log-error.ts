/** Why the log stopped itself: each is a contradiction that only tampering, a bug or a wrong restore can cause. */
export type LogHaltCode =
  | 'edge_corrupt'
  | 'checkpoint_missing'
  | 'checkpoint_mismatch'
  | 'log_key_mismatch'
  | 'stream_shrunk'
  | 'records_missing'
  | 'entries_beyond_head'
  | 'tile_missing'
  | 'leaf_mismatch';

/** Fatal: the sequencer halts the log rather than sign something that contradicts what it signed before. */
export class LogInconsistency extends Error {
  override readonly name = 'LogInconsistency';
  constructor(
    readonly code: LogHaltCode,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
