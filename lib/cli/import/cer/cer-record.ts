import type { z } from 'zod';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { hmacSha256, sha256 } from '@/lib/core/hash';
import { formatSubjectToken, isForeignId } from '@/lib/core/id';
import type { decisionBody } from '@/lib/decisions/record-payload';
import { CER_SYSTEM, CER_TYPE } from '@/lib/evidence/cer/check-imported';
import type { CerExecution } from '@/lib/evidence/cer/parse-cer';
import type { PayloadReference } from '@/lib/gateway/payload-sender';
import type { ChosenExecution } from './select-executions';

const HASH = /^sha256:([0-9a-f]{64})$/;

/** The decision that a certificate becomes: the same wherever and whenever it is imported. */
export function decisionIdOf(certificateHash: string): string {
  return `cer_${HASH.exec(certificateHash)?.[1] ?? ''}`;
}

/**
 * The decision record's body. Contents stay in the payload; of the rest only what names a machine: the model, the maker's
 * application, workflow and step. An identifier that could be a person's address is left out.
 */
export function describeExecution(
  { certificateHash, snapshot }: CerExecution,
  payload: PayloadReference,
  subject: string,
): z.input<typeof decisionBody> {
  const app = plainId(snapshot.appId);
  const workflow = plainId(snapshot.workflowId);
  const before = typeof snapshot.prevStepHash === 'string' ? HASH.exec(snapshot.prevStepHash) : null;
  return {
    identity: {
      agent: {
        id: app ?? 'imported-execution',
        name: app ?? 'Imported execution',
        version: label(snapshot.sdkVersion),
      },
      ...(workflow ? { run_id: workflow } : {}),
      parents: before ? [`cer_${before[1]}`] : [],
      subjects: [{ type: 'execution', token: subject }],
    },
    model: {
      provider: label(snapshot.provider),
      name: label(snapshot.model),
      version: label(snapshot.modelVersion),
      parameters: parametersOf(snapshot.parameters),
    },
    output: {
      payload,
      action: {
        name: 'ai.execution',
        ...(plainId(snapshot.executionId)
          ? { resource: { type: 'execution', id: snapshot.executionId } }
          : {}),
        tier: 'reversible',
      },
      outcome: { verdict: 'allow', source: 'framework', reason_code: 'imported_certificate' },
    },
    downstream: [{ system: CER_SYSTEM, type: CER_TYPE, id: certificateHash }],
  };
}

/** Numbers as text: nothing that is signed may be a float. */
function parametersOf({ temperature, maxTokens, topP, seed }: CerExecution['snapshot']['parameters']) {
  const named = { temperature, max_tokens: maxTokens, top_p: topP, seed };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

/** An identifier of a machine or a run; an address with @ could be a person's. */
function plainId(value: unknown): string | null {
  return typeof value === 'string' && isForeignId(value) && !value.includes('@') ? value : null;
}

function label(value: unknown): string {
  const text = typeof value === 'string' ? value.replace(/\p{Cc}/gu, ' ').trim() : '';
  return text === '' || text.includes('@') ? 'unstated' : text.slice(0, 256);
}

/** What an import must choose at random and choose alike when it is repeated: from the producer's own secret key. */
export interface ImportSecrets {
  /** 32 bytes for the digest of this file. */
  saltOf(file: Uint8Array): Uint8Array;
  /** One for everything in a file: whoever erases it erases what all its steps were made of. */
  subjectOf(file: Uint8Array): string;
}

/** Nobody without the key can tell these from random bytes. */
export function deriveSecrets(seed: Uint8Array): ImportSecrets {
  const key = sha256(concatBytes(utf8('countersign/cer-import/v1\n'), seed));
  return {
    saltOf: (file) => hmacSha256(key, concatBytes(utf8('salt\n'), sha256(file))),
    subjectOf: (file) =>
      formatSubjectToken(hmacSha256(key, concatBytes(utf8('subject\n'), sha256(file))).slice(0, 16)),
  };
}

/** One stream for exactly these files: the same import again says the same bytes under the same numbers. */
export function streamOf(producer: string, chosen: readonly ChosenExecution[]): string {
  const named = chosen.map(
    ({ execution, file }) => `${execution.certificateHash} ${formatHex(sha256(file.bytes))}\n`,
  );
  return `${producer}/cer-${formatHex(sha256(utf8(named.join('')))).slice(0, 16)}`;
}
