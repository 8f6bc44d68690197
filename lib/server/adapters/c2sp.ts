/**
 * C2SP witnesses (c2sp.org/tlog-witness): `POST <address>/add-checkpoint` with the signed checkpoint and a consistency
 * proof from the size that the witness cosigned last; the answer is its cosignature lines.
 */
import { z } from 'zod';
import { concatBytes, decodeUtf8, utf8 } from '@/lib/core/bytes';
import { parseDecimal } from '@/lib/core/encoding';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, type NoteKey, parseNoteKey } from '@/lib/integrity/note-key';
import { formatAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { type StampRequest, type WitnessAdapter, WitnessError } from '../witnesses/witness-adapter';
import { callService } from './call-service';
import { serviceAddress } from './service-address';

const settings = z.strictObject({
  address: serviceAddress,
  /** The witness's verifier key: its lines are kept, nobody else's. */
  vkey: z.string().max(4_000).refine(isWitnessKey, 'a verifier key of a witness, such as name+1234abcd+B…'),
});
export type C2spSettings = z.infer<typeof settings>;

const MAX_ANSWER_BYTES = 65_536;
/** The first answer may tell another size, and somebody else may move it once more. */
const MAX_ATTEMPTS = 3;

export const c2spAdapter: WitnessAdapter<C2spSettings> = {
  type: 'c2sp',
  settings,
  secretFields: [],

  async stamp(request, { address, vkey }) {
    const key = parseNoteKey(vkey);
    if (!key.ok) throw new WitnessError('witness_misconfigured', `the verifier key: ${key.code}`);
    let oldSize = Math.min(request.lastSize, request.size);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const answer = await submit(address, request, oldSize);
      if (answer.kind === 'signed')
        return { state: 'complete', receipt: linesOf(answer.body, request.note, key.value) };
      if (answer.size > request.size) {
        throw new WitnessError(
          'witness_refused',
          `${address} has cosigned this log at size ${answer.size}, beyond ${request.size}`,
        );
      }
      oldSize = answer.size;
    }
    throw new WitnessError('witness_busy', `${address} told another size ${MAX_ATTEMPTS} times`);
  },
};

type Submitted = { kind: 'signed'; body: Uint8Array } | { kind: 'elsewhere'; size: number };

async function submit(address: string, request: StampRequest, oldSize: number): Promise<Submitted> {
  const { status, headers, body } = await callService({
    url: `${address}/add-checkpoint`,
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'countersign' },
    body: formatAddCheckpoint({
      oldSize,
      proof: oldSize === 0 ? [] : await request.consistency(oldSize),
      checkpoint: request.note,
    }),
    signal: request.signal,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  if (status === 200) return { kind: 'signed', body };
  const size = status === 409 && isSize(headers.get('content-type')) ? readSize(body) : null;
  if (size !== null && size !== oldSize) return { kind: 'elsewhere', size };
  if (status >= 500) throw new WitnessError('witness_unreachable', `${address} answered ${status}`);
  throw new WitnessError(
    'witness_refused',
    `${address} answered ${status}: ${MEANINGS[status] ?? 'not cosigned'}`,
  );
}

/** What the refusals of tlog-witness mean to whoever runs the log. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'it does not understand the request',
  403: 'it trusts another key for this log',
  404: 'it does not know this log',
  409: 'it cosigned another tree of this size',
  422: 'this checkpoint does not continue the one it cosigned last',
};

function isSize(contentType: string | null): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'text/x.tlog.size';
}

function readSize(body: Uint8Array): number | null {
  const text = decodeUtf8(body);
  if (!text.ok || !text.value.endsWith('\n')) return null;
  const size = parseDecimal(text.value.slice(0, -1));
  return size.ok ? size.value : null;
}

/** The answer's lines by the configured key, which the verifier then checks. */
function linesOf(answer: Uint8Array, note: Uint8Array, key: NoteKey): Uint8Array {
  const bare = parseNote(note);
  const whole = parseNote(concatBytes(note, answer));
  const lines =
    bare.ok && whole.ok && whole.value.text === bare.value.text
      ? whole.value.signatures
          .slice(bare.value.signatures.length)
          .filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
      : [];
  if (lines.length === 0)
    throw new WitnessError(
      'witness_answer_invalid',
      `the answer holds no cosignature by ${key.name}+${key.keyId}`,
    );
  return utf8(lines.map(formatSignatureLine).join(''));
}

function isWitnessKey(vkey: string): boolean {
  const key = parseNoteKey(vkey);
  return key.ok && key.value.type !== NOTE_KEY_TYPE.ed25519;
}
