import { utf8 } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';
import { formatNote, formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { NOTE_KEY_TYPE, noteKeyOf, parseNoteKey } from '@/lib/integrity/note-key';
import { parseAddCheckpoint } from '../add-checkpoint';
import {
  ADD_CHECKPOINT_STATUS,
  type AddCheckpointOutcome,
  decideAddCheckpoint,
  type TreeHead,
} from '../decide-add-checkpoint';
import { verifyWitnessCosignature } from '../verify-witness-cosignature';

export interface VectorCase {
  id: string;
  expected: string;
  run: () => Promise<string>;
}

interface Published {
  logPublicKeyHex: string;
  requests: {
    oldSize: number;
    consistencyProof: string[];
    note: string;
    httpStatus: number;
    assert: string;
  }[];
}

const FILE = 'tlog/sigsum/litewitness-add-checkpoint.json';

/**
 * The witness of these vectors answered 403 for a log it does not know; C2SP tlog-witness has 404 there since. Expected
 * is the standard's status for what the vector says was wrong.
 */
const statusOf = ({ httpStatus, assert }: Published['requests'][number]): number =>
  assert.includes('unknown log') ? ADD_CHECKPOINT_STATUS.origin_unknown : httpStatus;

const statusOfOutcome = (outcome: AddCheckpointOutcome): number =>
  outcome.kind === 'cosign' ? 200 : ADD_CHECKPOINT_STATUS[outcome.code];

/**
 * Published add-checkpoint requests in their order, each as status and, for a conflict, the size that is answered. The
 * cases share one witness: run them one after another.
 */
export async function listAddCheckpointCases(
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<VectorCase[]> {
  const { logPublicKeyHex, requests } = JSON.parse(
    new TextDecoder().decode(await readFile(FILE)),
  ) as Published;
  const publicKey = parseHex(logPublicKeyHex);
  const origin = requests[0]?.note.split('\n', 1)[0] ?? '';
  if (!publicKey.ok) throw new Error(`${FILE}: no log key`);
  const logKey = noteKeyOf(origin, NOTE_KEY_TYPE.ed25519, publicKey.value);
  let head: TreeHead | null = null;
  return requests.map((request, index) => ({
    id: `${FILE}#${index}`,
    expected: [statusOf(request), ...(request.httpStatus === 409 ? [sizeIn(request.assert)] : [])].join(' '),
    run: async () => {
      const lines = [`old ${request.oldSize}`, ...request.consistencyProof, '', request.note];
      const read = parseAddCheckpoint(utf8(lines.join('\n')));
      if (!read.ok) return String(ADD_CHECKPOINT_STATUS.add_checkpoint_syntax);
      const logKeys = read.value.origin === origin ? [logKey] : [];
      const outcome = decideAddCheckpoint({ logKeys, head }, read.value);
      if (outcome.kind === 'cosign') head = outcome.checkpoint;
      return [statusOfOutcome(outcome), ...(outcome.kind === 'retry' ? [outcome.size] : [])].join(' ');
    },
  }));
}

/** `body == "3\n"` as the vectors write it. */
function sizeIn(assert: string): string {
  return /"(\d+)\\n"/.exec(assert)?.[1] ?? 'no size';
}

const COSIGNED = 'tlog/cosignature/cosignature-v1-vectors.json';

/** Checkpoints of public logs with the cosignatures of public witnesses, as a verdict and how many signatures verified. */
export async function listCosignatureCases(
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<VectorCase[]> {
  const vectors = JSON.parse(new TextDecoder().decode(await readFile(COSIGNED))) as {
    id: string;
    note?: string;
    witnessVkeys?: string[];
    expect: string;
  }[];
  return vectors.flatMap(({ id, note, witnessVkeys = [], expect: expected }) => {
    const count = /^(\d+) cosignatures valid/.exec(expected)?.[1];
    if (note === undefined || count === undefined) return [];
    return [
      {
        id: `${COSIGNED}#${id}`,
        expected: `valid ${count}`,
        run: async () => {
          const whole = parseNote(utf8(note));
          if (!whole.ok) return whole.code;
          const [logLine, ...lines] = whole.value.signatures;
          if (!logLine) return 'no signature';
          const checkpoint = formatNote({ text: whole.value.text, signatures: [logLine] });
          const keys = witnessVkeys.map(parseNoteKey);
          const report = verifyWitnessCosignature(
            utf8(lines.map(formatSignatureLine).join('')),
            { kind: 'bytes', bytes: checkpoint },
            { witnessKeys: keys.flatMap((key) => (key.ok ? [key.value] : [])) },
          );
          const signed = report.checks.filter((check) => check.root && check.verdict === 'valid');
          return `${report.verdict} ${signed.length}`;
        },
      },
    ];
  });
}
