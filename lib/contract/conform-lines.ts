import { formatHex } from '@/lib/core/encoding';
import type { RecordPayload } from '@/lib/decisions/record-payload';
import { recordDigest } from '@/lib/integrity/chain';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { decideSequence, type SequenceState } from '@/lib/producers/decide-sequence';
import { conformRecord } from './conform-record';
import { type ConformanceFinding, type ConformanceLine, finding } from './conformance';

interface StreamMemory {
  sequence: SequenceState;
  /** Digest of the record by its id. */
  ids: Map<string, string>;
  lastOccurredAt: string;
}

/**
 * Reads records one after the other as the console would take them: each by itself, then its place in its stream. Keeps an
 * id and a digest for each record read. `end` says what only the whole can tell.
 */
export function createConformance(keys: readonly EnvelopeKey[] | null) {
  const streams = new Map<string, StreamMemory>();
  const totals = { lines: 0, heartbeats: 0, decisions: 0 };

  function conformPlace(payload: RecordPayload, digest: string): ConformanceFinding[] {
    const { stream, seq, id, occurred_at } = payload;
    const known = streams.get(stream);
    const memory = known ?? { sequence: { lastSeq: 0, gaps: [] }, ids: new Map(), lastOccurredAt: '' };
    streams.set(stream, memory);
    if (memory.ids.get(id) === digest) return [finding('record_repeated', 'id')];
    if (memory.ids.has(id)) return [finding('id_reused', 'id')];
    const next = decideSequence(memory.sequence, seq);
    if (next.outcome === 'reused') return [finding('sequence_reused', 'seq')];
    const findings: ConformanceFinding[] = [];
    if (next.outcome === 'gap') {
      const { fromSeq, toSeq } = next.gap;
      // A file may begin in the middle of a stream; what is missing inside it is lost.
      const code = known ? 'sequence_gap' : 'sequence_first';
      findings.push(finding(code, 'seq', `${fromSeq} to ${toSeq}`));
    }
    if (next.outcome === 'late') findings.push(finding('sequence_backwards', 'seq'));
    // Instants of one form order as their texts do.
    if (occurred_at < memory.lastOccurredAt) findings.push(finding('time_backwards', 'occurred_at'));
    memory.sequence = next.state;
    memory.ids.set(id, digest);
    memory.lastOccurredAt = occurred_at;
    return findings;
  }

  return {
    /** The next line, from 1. @param bytes attacker-controlled */
    add(bytes: Uint8Array): ConformanceLine {
      totals.lines += 1;
      const { payload, findings } = conformRecord(bytes, keys);
      if (!payload) return { line: totals.lines, findings };
      if (payload.kind === 'heartbeat') totals.heartbeats += 1;
      if (payload.kind === 'decision') totals.decisions += 1;
      const place = conformPlace(payload, formatHex(recordDigest(bytes)));
      return { line: totals.lines, kind: payload.kind, id: payload.id, findings: [...findings, ...place] };
    },
    /** What holds of all lines together. */
    end(): ConformanceFinding[] {
      return totals.decisions > 0 && totals.heartbeats === 0 ? [finding('heartbeat_missing')] : [];
    },
  };
}
