import { concatBytes } from '@/lib/core/bytes';
import { addSignatures } from '@/lib/integrity/checkpoint';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { getPool } from '../database/pool';
import { getCheckpoint, type PublishedCheckpoint } from './get-checkpoint';

/**
 * The latest checkpoint with the cosignatures of C2SP witnesses that were verified here; the first signature stays the
 * log's own. What witnesses stamp is the note as first published (`getCheckpoint`).
 */
export async function getCosignedCheckpoint(): Promise<PublishedCheckpoint | null> {
  const checkpoint = await getCheckpoint();
  if (!checkpoint) return null;
  const receipts = await getPool().query<{ receipt: Buffer }>({
    name: 'checkpoint-cosignatures',
    text: `SELECT DISTINCT ON (witness) receipt FROM receipts
      WHERE size = $1 AND type = 'c2sp' AND state = 'complete' ORDER BY witness, n DESC`,
    values: [checkpoint.size],
  });
  const lines = receipts.rows.map(({ receipt }) => new Uint8Array(receipt));
  return { ...checkpoint, note: cosign(checkpoint.note, lines) };
}

/** The same line twice says no more: two registered witnesses may be one. */
function cosign(note: Uint8Array, receipts: readonly Uint8Array[]): Uint8Array {
  const bare = parseNote(note);
  if (!bare.ok) return note;
  const signatures = new Map(
    receipts.flatMap((receipt) => {
      const whole = parseNote(concatBytes(note, receipt));
      if (!whole.ok || whole.value.text !== bare.value.text) return [];
      return whole.value.signatures
        .slice(bare.value.signatures.length)
        .map((signature) => [formatSignatureLine(signature), signature] as const);
    }),
  );
  if (signatures.size === 0) return note;
  const cosigned = addSignatures(note, [...signatures.values()]);
  return cosigned.ok ? cosigned.value : note;
}
