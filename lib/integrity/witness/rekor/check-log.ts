import { equalBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { formatCanonicalJson } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import { leafHash, verifyInclusion } from '@/lib/integrity/merkle';
import type { NoteKey } from '@/lib/integrity/note-key';
import { invalid, type LineOutcome, notChecked, VALID } from '@/lib/integrity/witness/line-outcome';
import type { RekorBody } from '@/lib/integrity/witness/rekor/rekor-body';
import {
  type HeadWitness,
  listHeadWitnesses,
  type SignedHead,
  verifyRekorCheckpoint,
} from '@/lib/integrity/witness/rekor/rekor-checkpoint';
import type { RekorEntry, RekorInclusion } from '@/lib/integrity/witness/rekor/rekor-entry';
import { type RekorCode, rekorLine } from '@/lib/integrity/witness/rekor/rekor-lines';
import type { RekorLog } from '@/lib/integrity/witness/rekor/rekor-log';

/** What the log's own word shows: lines, and moments at which the entry was there for sure. */
export interface LogFinding {
  readonly checks: readonly Check[];
  readonly timesMs: readonly number[];
}

const CHECKPOINT = 'the signature of the checkpoint with the pinned key of the log';
const INCLUSION = 'the entry, folded along its proof, with the root that the log signed';

/** Checkpoint, inclusion, and for v1 the signed time. `log` is null where none of the entry's id is pinned. */
export function checkLog(
  entry: RekorEntry,
  body: RekorBody | null,
  log: RekorLog | null,
  witnessKeys: readonly NoteKey[],
): LogFinding {
  const { inclusion } = entry;
  // An entry that cannot be read is of either version; v1 promises more, so more is asked.
  const isV2 = body?.isV2 ?? entry.set === null;
  const set = isV2 ? [] : [checkSet(entry, log)];
  const timesMs =
    set[0]?.verdict === 'valid' && entry.integratedTimeS !== null ? [entry.integratedTimeS * 1000] : [];
  if (!inclusion) {
    const isPromised = !isV2 && entry.set !== null;
    const outcome = isPromised
      ? notChecked('the entry comes with a promise of the log and without a proof')
      : invalid('rekor_proof_absent');
    return { checks: [rekorLine('inclusion', INCLUSION, outcome), ...set], timesMs };
  }
  const head = log && inclusion.checkpoint !== null ? verifyRekorCheckpoint(inclusion.checkpoint, log) : null;
  const signed = head?.ok ? head.value : null;
  const witnesses = signed ? listHeadWitnesses(signed.note, witnessKeys) : [];
  const checks = [
    checkHead(inclusion, log, head),
    checkInclusion(entry, inclusion, signed, isV2),
    ...set,
    ...(witnesses.length > 0 ? [checkWitnesses(witnesses)] : []),
  ];
  const cosigned = witnesses.flatMap(({ timeUnixS }) => (timeUnixS === null ? [] : [timeUnixS * 1000]));
  return { checks, timesMs: [...timesMs, ...cosigned] };
}

function checkHead(
  inclusion: RekorInclusion,
  log: RekorLog | null,
  head: ReturnType<typeof verifyRekorCheckpoint> | null,
): Check {
  if (!log)
    return rekorLine('checkpoint', CHECKPOINT, notChecked('no log with the id of the entry is pinned'));
  const trust = { key: `${log.origin} (${log.keyId})`, root: log.root };
  if (!head) {
    const reason = 'the proof comes without the signed checkpoint of the log';
    return rekorLine('checkpoint', CHECKPOINT, notChecked(reason), trust);
  }
  if (!head.ok) {
    const held = head.detail === undefined ? {} : { computed: head.detail };
    return rekorLine('checkpoint', CHECKPOINT, invalid(head.code, held), trust);
  }
  const { size, root } = head.value;
  const compared = `${CHECKPOINT}, and its ${size} entries and root with those stated in the proof`;
  const isStated = size === inclusion.size && equalBytes(root, inclusion.root);
  const outcome = isStated
    ? VALID
    : invalid('rekor_proof_root', {
        expected: `${size} entries, root ${formatHex(root)}`,
        computed: `${inclusion.size} entries, root ${formatHex(inclusion.root)}`,
      });
  return rekorLine('checkpoint', compared, outcome, trust);
}

/** Size and root come from the verified checkpoint alone; what the proof states serves only to find it broken in itself. */
function checkInclusion(
  { body, logIndex }: RekorEntry,
  { index, size, root, hashes }: RekorInclusion,
  head: SignedHead | null,
  isV2: boolean,
): Check {
  const tree = head ?? { size, root };
  const compared = `${INCLUSION}: entry ${index} of ${tree.size}`;
  if (isV2 && logIndex !== index) {
    const held = { expected: `entry ${logIndex}`, computed: `entry ${index}` };
    return rekorLine('inclusion', compared, invalid('rekor_proof', held));
  }
  const verified = verifyInclusion({
    index,
    size: tree.size,
    leaf: leafHash(body),
    proof: hashes,
    root: tree.root,
  });
  return rekorLine(
    'inclusion',
    compared,
    inclusionOutcome(verified.ok ? null : verified.code, head !== null),
  );
}

function inclusionOutcome(failure: string | null, isSigned: boolean): LineOutcome<RekorCode> {
  if (failure !== null) return invalid('rekor_proof', { computed: failure });
  return isSigned
    ? VALID
    : notChecked('the proof leads to a root that no verified checkpoint of the log has');
}

/** Rekor v1's signed entry timestamp: over JCS of body, time, log id and index. */
function checkSet(entry: RekorEntry, log: RekorLog | null): Check {
  const { bodyText, integratedTimeS, logId, logIndex, set } = entry;
  const when = integratedTimeS === null ? '' : ` ${formatInstant(integratedTimeS * 1000)}`;
  const compared = `the log's signature with the entry and the time${when} at which it took it`;
  if (!set || integratedTimeS === null) {
    return rekorLine('set', compared, notChecked('the log did not sign a time for this entry'));
  }
  if (!log) return rekorLine('set', compared, notChecked('no log with the id of the entry is pinned'));
  const message = formatCanonicalJson({
    body: bodyText,
    integratedTime: integratedTimeS,
    logID: formatHex(logId),
    logIndex,
  });
  const outcome = log.verify(utf8(message), set) ? VALID : invalid('rekor_set_invalid');
  return rekorLine('set', compared, outcome, { key: `${log.origin} (${log.keyId})`, root: log.root });
}

function checkWitnesses(witnesses: readonly HeadWitness[]): Check {
  const failed = witnesses.filter(({ timeUnixS }) => timeUnixS === null);
  const names = witnesses.map(({ name, keyId }) => `${name} (${keyId})`).join(', ');
  const outcome =
    failed.length === 0
      ? VALID
      : invalid('rekor_cosignature', { computed: failed.map(({ name }) => name).join(', ') });
  return rekorLine(
    'cosignatures',
    `the cosignatures of pinned witnesses with the checkpoint: ${names}`,
    outcome,
  );
}
