/** A signed record that the console has not answered for yet. */
export type PendingRecord = { stream: string; seq: number; id: string; bytes: Uint8Array };

/**
 * Where a producer keeps its counter and what it has signed but not delivered. Keep it on disk or in a database to
 * survive a restart: a number once signed must never be signed again over other bytes.
 */
export interface Outbox {
  /** The last number given in this stream; 0 before the first. */
  lastSeq(stream: string): Promise<number>;
  /** Keeps the record, and its number as the last one, durably. */
  add(record: PendingRecord): Promise<void>;
  /** The console has answered for it. */
  settle(record: PendingRecord): Promise<void>;
  /** What is still unanswered, by number. */
  pending(stream: string): Promise<PendingRecord[]>;
}

/** An outbox for one process's lifetime. `lastSeq` continues the streams of an earlier one. */
export function createMemoryOutbox(lastSeq: Readonly<Record<string, number>> = {}): Outbox {
  const last = new Map(Object.entries(lastSeq));
  const unanswered = new Map<string, PendingRecord>();
  return {
    lastSeq: async (stream) => last.get(stream) ?? 0,
    add: async (record) => {
      last.set(record.stream, record.seq);
      unanswered.set(`${record.seq} ${record.stream}`, record);
    },
    settle: async ({ seq, stream }) => {
      unanswered.delete(`${seq} ${stream}`);
    },
    pending: async (stream) =>
      [...unanswered.values()].filter((record) => record.stream === stream).sort((a, b) => a.seq - b.seq),
  };
}
