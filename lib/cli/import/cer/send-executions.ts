import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import type { JsonObject } from '@/lib/core/json';
import type { GatewayFailure } from '@/lib/gateway/gateway-result';
import { type PayloadReference, sendPayload } from '@/lib/gateway/payload-sender';
import { createRecordSender } from '@/lib/gateway/record-sender';
import { createTransport, type Transport } from '@/lib/gateway/transport';
import { decisionIdOf, deriveSecrets, describeExecution, type ImportSecrets, streamOf } from './cer-record';
import type { CerFile, CerRefusal, ChosenExecution } from './select-executions';

export interface ImportedExecution {
  file: string;
  decision: string;
  /** `duplicate`: an earlier import of the same files has recorded it. */
  status: 'accepted' | 'duplicate';
  stream: string;
  position: number;
  /** False where the file has an attestation whose key was not pinned. */
  isChecked: boolean;
}

export interface Importer {
  origin: string;
  producer: string;
  /** 32 bytes of the producer's Ed25519 key. */
  seed: Uint8Array;
  fetch?: typeof globalThis.fetch;
}

/**
 * Hands over each file as it arrived, then records its executions as decisions of the producer, in their order. What the
 * console refuses is told with its code, and nothing after it: a number that was not recorded would be a hole.
 */
export async function sendExecutions(
  importer: Importer,
  chosen: readonly ChosenExecution[],
  say: (detail: string) => void = () => {},
): Promise<{ imported: ImportedExecution[]; refused: CerRefusal[] }> {
  const { origin, producer, seed } = importer;
  const keyid = jwkThumbprint(publicKeyOf(seed));
  const transport = createTransport({
    origin,
    keyid,
    seed,
    ...(importer.fetch ? { fetch: importer.fetch } : {}),
  });
  const stream = streamOf(producer, chosen);
  const sender = createRecordSender({ transport, producerId: producer, stream, keyid, seed });
  const secrets = deriveSecrets(seed);
  const payloads = new Map<CerFile, PayloadReference>();
  const imported: ImportedExecution[] = [];
  for (const { file, execution, ranAtMs, isChecked } of chosen) {
    const { certificateHash } = execution;
    const subject = secrets.subjectOf(file.bytes);
    const payload = payloads.get(file) ?? (await keep(transport, secrets, file, subject));
    if ('code' in payload) return { imported, refused: [refusal(file, payload)] };
    payloads.set(file, payload);
    const decision = decisionIdOf(certificateHash);
    const body = describeExecution(execution, payload, subject) as unknown as JsonObject;
    const sent = await sender.record({ kind: 'decision', id: decision, body, occurredAtMs: ranAtMs });
    if (!sent.ok) return { imported, refused: [refusal(file, sent)] };
    const { status, position } = sent.value;
    imported.push({ file: file.name, decision, status, stream, position, isChecked });
    say(`${imported.length} of ${chosen.length}`);
  }
  return { imported, refused: [] };
}

/** The file as it arrived; a project's steps share it. */
async function keep(
  transport: Transport,
  secrets: ImportSecrets,
  file: CerFile,
  subject: string,
): Promise<PayloadReference | GatewayFailure> {
  const sent = await sendPayload(transport, {
    subject,
    mediaType: 'application/json',
    content: file.bytes,
    salt: secrets.saltOf(file.bytes),
  });
  return sent.ok ? sent.value : sent;
}

function refusal(file: CerFile, { code, problem, detail }: GatewayFailure): CerRefusal {
  return {
    file: file.name,
    reason: `The console did not take it: ${problem ?? code}${detail ? ` (${detail})` : ''}. Nothing after it was sent; the same import again goes on from here.`,
  };
}
