import { isJsonObject, type JsonObject } from '@/lib/core/json';
import { PROJECT_MEMBERS } from './cer-hash';
import { contextOf } from './check-execution';
import { attestationOf, packageReceiptOf, readReceipt } from './check-receipt';
import type { CerDocument, CerExecution, CerProject } from './parse-cer';

/** One thing that the record says of itself. */
export interface CerFact {
  readonly label: string;
  readonly text: string;
  /** An identifier, a digest or a time. */
  readonly form?: 'id' | 'instant';
}

const EXECUTION_MEMBERS = new Set([
  'bundleType',
  'version',
  'createdAt',
  'certificateHash',
  'snapshot',
  'context',
  'meta',
]);
/** Hashed, or bound by what is hashed. */
const PROJECT_BOUND: ReadonlySet<string> = new Set([...PROJECT_MEMBERS, 'embeddedBundles', 'integrity']);
const PACKAGE_MEMBERS = new Set([
  'cer',
  'verificationEnvelope',
  'verificationEnvelopeSignature',
  'receipt',
  'signature',
]);

/** What the record says of itself. Contents (prompt, input, output) are not repeated. */
export function describeCer(document: CerDocument): CerFact[] {
  if (document.kind === 'project') return describeProject(document.project);
  const { execution } = document;
  const { snapshot, certificateHash, createdAt } = execution;
  const receipt =
    readReceipt(attestationOf(execution.json)) ??
    (document.kind === 'package' ? readReceipt(packageReceiptOf(document.json)) : null);
  return present([
    ['Execution', snapshot.executionId, 'id'],
    ['Model', [snapshot.provider, snapshot.model, textOf(snapshot.modelVersion)].filter(Boolean).join(', ')],
    ['Application', textOf(snapshot.appId)],
    ['Ran at', snapshot.timestamp, 'instant'],
    ['Sealed at', createdAt, 'instant'],
    ['Workflow', textOf(snapshot.workflowId), 'id'],
    ['Step before it', textOf(snapshot.prevStepHash), 'id'],
    ['Certificate hash', certificateHash, 'id'],
    ['Attested by', receipt && `${receipt.nodeId}, key ${receipt.kid}`],
    ['Attested at', receipt?.timestamp ?? null, 'instant'],
  ]);
}

function describeProject({
  json,
  projectBundleId,
  projectTitle,
  totalSteps,
  projectHash,
}: CerProject): CerFact[] {
  return present([
    ['Project', projectTitle],
    ['Id', projectBundleId, 'id'],
    ['Steps', String(totalSteps)],
    ['Application', textOf(json.appName)],
    ['Began', textOf(json.startedAt), 'instant'],
    ['Ended', textOf(json.completedAt), 'instant'],
    ['Hash of the project', projectHash, 'id'],
  ]);
}

function present(facts: readonly (readonly [string, string | null, CerFact['form']?])[]): CerFact[] {
  return facts.flatMap(([label, text, form]) =>
    text === null || text === '' ? [] : [{ label, text: text.slice(0, 500), ...(form ? { form } : {}) }],
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

const RESEALED =
  'Nobody signed it: whoever holds it can change it and seal it again. That it is the one that was made then is shown only by something outside that names its hash: an attestation, a time stamp, a record in a log.';

/** What a VALID record does not show. */
export function noteLimits(document: CerDocument): string[] {
  const notes: string[] = [];
  if (document.kind === 'project') {
    notes.push(RESEALED);
    const open = Object.keys(document.project.json).filter((name) => !PROJECT_BOUND.has(name));
    if (open.length > 0) notes.push(uncovered(open, 'the project'));
    return notes;
  }
  const { execution } = document;
  const receipt =
    attestationOf(execution.json) ?? (document.kind === 'package' ? packageReceiptOf(document.json) : null);
  if (!receipt) notes.push(RESEALED);
  notes.push('When it ran and when it was sealed is what its maker wrote, not what somebody else saw.');
  notes.push(...listUncovered(execution));
  if (document.kind === 'package') {
    const others = Object.keys(document.json).filter((name) => !PACKAGE_MEMBERS.has(name));
    if (others.length > 0) notes.push(uncovered(others, 'the package'));
  }
  return notes;
}

function listUncovered(execution: CerExecution): string[] {
  const { json } = execution;
  const names = Object.keys(json).filter((name) => !EXECUTION_MEMBERS.has(name));
  if (hasOwnWords(json)) names.push('meta');
  if (contextOf(execution) === 'not-covered') names.push('context');
  return names.length === 0 ? [] : [uncovered(names, 'the record')];
}

/** Whether `meta` says anything besides the attestation, which is signed by itself. */
function hasOwnWords({ meta }: JsonObject): boolean {
  if (meta === undefined) return false;
  return !isJsonObject(meta) || Object.keys(meta).some((name) => name !== 'attestation');
}

function uncovered(names: readonly string[], whose: string): string {
  const listed = names
    .slice(0, 8)
    .map((name) => name.replace(/[^\w.-]/g, '?').slice(0, 40))
    .join(', ');
  return `Not covered by the hash of ${whose}: ${listed}${names.length > 8 ? ` and ${names.length - 8} more` : ''}. Anybody can change it.`;
}
