import type { InclusionEvidence } from '../evidence-source';
import { bytesNumber, numberBytes, readSpan, writeSpan } from './lens-values';
import { listNoteSpans } from './note-spans';
import type { Lens } from './tamper-case';

/** Where a proof stands in some evidence. */
export interface ProofPlace<E> {
  read(evidence: E): InclusionEvidence;
  write(evidence: E, proof: InclusionEvidence): E;
}

/** Index, size and every hash of an inclusion proof. */
export function proofLenses<E>(evidence: E, name: string, artefact: string, place: ProofPlace<E>): Lens<E>[] {
  const numbers = (['index', 'size'] as const).map(
    (field): Lens<E> => ({
      id: `${name} ${field}`,
      artefact,
      field,
      read: (given) => numberBytes(place.read(given)[field]),
      write: (given, bytes) => place.write(given, { ...place.read(given), [field]: bytesNumber(bytes) }),
    }),
  );
  const hashes = place.read(evidence).hashes.map(
    (_hash, i): Lens<E> => ({
      id: `${name} hash ${i}`,
      artefact,
      field: `hash ${i + 1}`,
      read: (given) => place.read(given).hashes[i] ?? new Uint8Array(0),
      write: (given, bytes) => {
        const proof = place.read(given);
        return place.write(given, {
          ...proof,
          hashes: proof.hashes.map((hash, j) => (j === i ? bytes : hash)),
        });
      },
    }),
  );
  return [...numbers, ...hashes];
}

/** Name, size, root and signature of the checkpoint that a proof ends in; `every` writes it wherever it stands. */
export function noteLenses<E>(
  evidence: E,
  name: string,
  artefact: string,
  note: { read(evidence: E): Uint8Array; write(evidence: E, bytes: Uint8Array): E },
): Lens<E>[] {
  const whole = note.read(evidence);
  return listNoteSpans(whole).map(({ field, span }) => ({
    id: `${name} ${field}`,
    artefact,
    field,
    read: (given) => readSpan(note.read(given), span),
    write: (given, bytes) => note.write(given, writeSpan(whole, span, bytes)),
  }));
}
