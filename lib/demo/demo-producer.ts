import { utf8 } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import type { RecordKind } from '@/lib/decisions/record-payload';
import { signEnvelope } from '@/lib/integrity/dsse';
import type { DemoKey } from './demo-keys';

/** One producer of the demo: its key and its own counter, contiguous from 1. */
export class DemoProducer {
  #seq: number;

  constructor(
    readonly id: string,
    readonly key: DemoKey,
    /** Its last sequence number on this console; 0 when it never wrote. */
    lastSeq: number,
  ) {
    this.#seq = lastSeq;
  }

  /** A signed record as it would arrive over HTTP. */
  sign(kind: RecordKind, id: string, atMs: number, body: unknown): Uint8Array {
    this.#seq += 1;
    const payload = {
      kind,
      id,
      producer: this.id,
      stream: this.id,
      seq: this.#seq,
      occurred_at: formatInstant(atMs),
      body,
    };
    return signEnvelope(utf8(JSON.stringify(payload)), this.key.keyid, this.key.seed);
  }
}
