import { CER_SENTENCES, type CerErrorCode } from '@/lib/evidence/cer/cer-error';
import { type CerExecution, parseCer, readExecution } from '@/lib/evidence/cer/parse-cer';
import { type CerReport, verifyCer } from '@/lib/evidence/cer/verify-cer';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { MAX_PAYLOAD_BYTES } from '@/lib/producers/payload-request';

export interface CerFile {
  name: string;
  bytes: Uint8Array;
}

/** One execution that may become a decision. */
export interface ChosenExecution {
  file: CerFile;
  execution: CerExecution;
  /** Milliseconds since the Unix epoch, of the snapshot's own timestamp. */
  ranAtMs: number;
  /** False where the file has an attestation whose key is not pinned. */
  isChecked: boolean;
}

/** Something that was not imported, and why, in a sentence. */
export interface CerRefusal {
  file: string;
  reason: string;
}

/** How far a producer's clock may run ahead of the console's. */
const MAX_AHEAD_MS = 300_000;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The executions of these files whose records are whole, each once, so that a step comes after the step it names; the others
 * with their sentence. A file with anything INVALID is refused as a whole.
 */
export async function selectExecutions(
  files: readonly CerFile[],
  roots: readonly TrustRoot[],
  nowMs: number,
): Promise<{ chosen: ChosenExecution[]; refused: CerRefusal[] }> {
  const found = new Map<string, ChosenExecution>();
  const refused: CerRefusal[] = [];
  for (const file of files) {
    const reason = await refuseFile(file, roots);
    if (typeof reason === 'string') {
      refused.push({ file: file.name, reason });
      continue;
    }
    for (const execution of listExecutions(file.bytes)) {
      const { certificateHash, snapshot } = execution;
      const ranAtMs = RFC_3339.test(snapshot.timestamp) ? Date.parse(snapshot.timestamp) : Number.NaN;
      const wrong = refuseExecution(ranAtMs, nowMs) ?? refuseRepetition(found.get(certificateHash), file);
      if (wrong) refused.push({ file: file.name, reason: wrong });
      else found.set(certificateHash, { file, execution, ranAtMs, isChecked: reason.verdict === 'valid' });
    }
  }
  return { chosen: orderSteps(found), refused };
}

async function refuseFile(file: CerFile, roots: readonly TrustRoot[]): Promise<string | CerReport> {
  if (file.bytes.length > MAX_PAYLOAD_BYTES)
    return `It is larger than a payload may be (${MAX_PAYLOAD_BYTES.toLocaleString('en')} bytes).`;
  const report = await verifyCer(file.bytes, roots);
  if (report.verdict !== 'invalid') return report;
  const lines = [
    ...report.checks.map((check) => ({ check, step: '' })),
    ...report.steps.flatMap(({ title, checks }) => checks.map((check) => ({ check, step: `${title}: ` }))),
  ];
  const first = lines.find(({ check }) => check.verdict === 'invalid');
  const sentence = CER_SENTENCES[first?.check.code as CerErrorCode] ?? 'It does not verify.';
  return `${first?.step ?? ''}${sentence} (${first?.check.code ?? 'invalid'})`;
}

function listExecutions(bytes: Uint8Array): CerExecution[] {
  const read = parseCer(bytes);
  if (!read.ok) return [];
  if (read.value.kind !== 'project') return [read.value.execution];
  return read.value.project.steps.flatMap(({ embedded }) => {
    const execution = readExecution(embedded);
    return execution.ok ? [execution.value] : [];
  });
}

function refuseExecution(ranAtMs: number, nowMs: number): string | null {
  if (!Number.isFinite(ranAtMs))
    return 'Its timestamp is no RFC 3339 time, so when it ran cannot be recorded.';
  return ranAtMs > nowMs + MAX_AHEAD_MS ? 'Its timestamp lies in the future.' : null;
}

function refuseRepetition(earlier: ChosenExecution | undefined, file: CerFile): string | null {
  return earlier
    ? `The same record is in ${earlier.file.name}${earlier.file === file ? ' twice' : ''}.`
    : null;
}

/** By time; a step after the one it names. */
function orderSteps(found: ReadonlyMap<string, ChosenExecution>): ChosenExecution[] {
  const ordered = new Set<ChosenExecution>();
  const byTime = [...found.values()].sort(
    (a, b) => a.ranAtMs - b.ranAtMs || (a.execution.certificateHash < b.execution.certificateHash ? -1 : 1),
  );
  for (const one of byTime) {
    // A hash names what was hashed before it, so that this way back ends.
    const way: ChosenExecution[] = [];
    for (let at: ChosenExecution | undefined = one; at && !ordered.has(at); at = found.get(beforeOf(at)))
      way.push(at);
    for (const step of way.reverse()) ordered.add(step);
  }
  return [...ordered];
}

function beforeOf({ execution }: ChosenExecution): string {
  const { prevStepHash } = execution.snapshot;
  return typeof prevStepHash === 'string' ? prevStepHash : '';
}
