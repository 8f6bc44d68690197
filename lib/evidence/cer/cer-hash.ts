/**
 * The hashes of Certified Execution Records, written `sha256:` and 64 lower-case hex digits. Canonical JSON is RFC 8785; a
 * bare string is hashed as its UTF-8 bytes, without quotation marks. `hashCerValue('What is 2+2?')` is
 * sha256:52cb6b5e4a038af1756708f98afb718a08c75b87b2f03dbee4dd9c8139c15c5e.
 */
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonObject, type JsonValue } from '@/lib/core/json';

/** `inputHash` and `outputHash` of a value. */
export function hashCerValue(value: JsonValue): string {
  return hashText(typeof value === 'string' ? value : formatCanonicalJson(value));
}

/**
 * `certificateHash` of an execution record: over exactly bundleType, createdAt, snapshot and version, and over `context` as
 * well where a newer maker covers it.
 */
export function certificateHashOf(bundle: JsonObject, covers: 'context' | 'no-context'): string {
  const { createdAt, snapshot, context } = bundle;
  return hashText(
    formatCanonicalJson({
      bundleType: EXECUTION_BUNDLE,
      createdAt: createdAt ?? null,
      snapshot: snapshot ?? null,
      version: CER_VERSION,
      ...(covers === 'context' && context !== undefined ? { context } : {}),
    }),
  );
}

/** Members of a project that its hash covers, as far as they are there. */
export const PROJECT_MEMBERS = [
  'bundleType',
  'version',
  'protocolVersion',
  'projectBundleId',
  'projectTitle',
  'startedAt',
  'completedAt',
  'totalSteps',
  'stepRegistry',
  'projectGoal',
  'projectSummary',
  'appName',
  'frameworkName',
  'tags',
] as const;

/** `projectHash`: over the members above as far as they are there. The records of the steps are bound by the registry. */
export function projectHashOf(project: JsonObject): string {
  const covered = PROJECT_MEMBERS.flatMap((name) => {
    const value = project[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return hashText(formatCanonicalJson(Object.fromEntries(covered)));
}

export const EXECUTION_BUNDLE = 'cer.ai.execution.v1';
export const PROJECT_BUNDLE = 'cer.project.bundle.v1';
export const CER_VERSION = '0.1';

function hashText(text: string): string {
  return `sha256:${formatHex(sha256(utf8(text)))}`;
}
