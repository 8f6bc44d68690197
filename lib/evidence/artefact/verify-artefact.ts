import { MAX_TRUST_FILE_BYTES } from '../trust/parse-trust-file';
import { ARTEFACT_SENTENCES, type ArtefactErrorCode } from './artefact-error';
import { type ArtefactFile, readWhole } from './artefact-file';
import type { ArtefactKind } from './artefact-kind';
import { type ArtefactContext, type ArtefactReport, ArtefactRun } from './artefact-report';
import { readKind } from './identify-artefact';
import { readTrustArtefact } from './read-trust-artefact';
import { verifyCerFile } from './verify-cer-file';
import { verifyCheckpointFile, verifyCheckpointUpdateFile } from './verify-checkpoint-file';
import { verifyPackageFile } from './verify-package-file';
import { verifyProofFile } from './verify-proof-file';
import { verifyReceiptFile } from './verify-receipt-file';
import { verifyRecordFile } from './verify-record-file';
import { verifyTokenFile } from './verify-token-file';

const MIB = 1_048_576;

/** A kind that is read whole: how large it may be, and who reads it. */
interface WholeReader {
  readonly maxBytes: number;
  verify(run: ArtefactRun, bytes: Uint8Array): Promise<void>;
}

const READERS: Readonly<Record<Exclude<ArtefactKind, 'package' | 'unknown'>, WholeReader>> = {
  token: { maxBytes: 65_536, verify: verifyTokenFile },
  record: { maxBytes: 131_072, verify: verifyRecordFile },
  checkpoint: { maxBytes: MIB, verify: verifyCheckpointFile },
  'checkpoint-update': { maxBytes: MIB, verify: verifyCheckpointUpdateFile },
  proof: { maxBytes: 2 * MIB, verify: verifyProofFile },
  trust: { maxBytes: MAX_TRUST_FILE_BYTES, verify: async (run, bytes) => readTrustArtefact(run, bytes) },
  cer: { maxBytes: 16 * MIB, verify: verifyCerFile },
  rfc3161: receipt('rfc3161'),
  opentimestamps: receipt('opentimestamps'),
  worm: receipt('worm'),
  ccf: receipt('ccf'),
  rekor: receipt('rekor'),
  c2sp: receipt('c2sp'),
};

function receipt(type: Parameters<typeof verifyReceiptFile>[1]): WholeReader {
  return { maxBytes: 4 * MIB, verify: (run, bytes) => verifyReceiptFile(run, type, bytes) };
}

/**
 * Verifies one attacker-controlled file by the rules of its kind, under the pinned roots. Lines are told as they are known.
 * Never throws for what is in the file; @throws the signal's reason when cancelled.
 */
export async function verifyArtefact(file: ArtefactFile, context: ArtefactContext): Promise<ArtefactReport> {
  let kind: ArtefactKind = 'unknown';
  try {
    kind = await readKind(file);
  } catch {
    return refuse(new ArtefactRun(file, kind, context), 'artefact_unreadable');
  }
  const run = new ArtefactRun(file, kind, context);
  try {
    if (kind === 'package') await verifyPackageFile(run);
    else if (kind === 'unknown') tellUnknown(run);
    else {
      const bytes = await readWhole(file, READERS[kind].maxBytes);
      if (!bytes.ok) return refuse(run, bytes.code);
      await READERS[kind].verify(run, bytes.value);
    }
  } catch {
    context.signal?.throwIfAborted();
    return refuse(run, 'artefact_failed');
  }
  return run.report();
}

function refuse(run: ArtefactRun, code: ArtefactErrorCode): ArtefactReport {
  run.tell({
    id: 'artefact.form',
    title: 'File',
    verdict: 'invalid',
    code,
    compared: ARTEFACT_SENTENCES[code],
  });
  return run.report();
}

function tellUnknown(run: ArtefactRun): void {
  run.tell({
    id: 'artefact.kind',
    title: 'File',
    verdict: 'not-checked',
    compared: 'the beginning of the file with every kind that is known here',
    reason: 'it is none of them. If it is what a receipt stamps, drop the receipt together with it',
  });
}
