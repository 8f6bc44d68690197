import { z } from 'zod';
import { foreignId, spiffeId } from '@/lib/decisions/record-payload';

/** A gateway and an agent may ask the decision point; a pipeline only records. */
export const PRODUCER_KINDS = ['gateway', 'agent', 'pipeline'] as const;
export const producerKind = z.enum(PRODUCER_KINDS);
export type ProducerKind = z.infer<typeof producerKind>;

/** 32 bytes of an Ed25519 public key in base64url without padding: the `x` of its JWK (RFC 8037). */
export const publicKeyText = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const registerProducerRequest = z.object({
  id: spiffeId,
  name: z.string().trim().min(1).max(128),
  kind: producerKind,
  publicKey: publicKeyText,
});

export const producerKeyView = z.object({
  keyid: foreignId,
  publicKey: publicKeyText,
  validFrom: z.string(),
  retiredAt: z.string().nullable(),
});

export const producerView = z.object({
  id: spiffeId,
  name: z.string(),
  kind: producerKind,
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
  keys: z.array(producerKeyView),
});
export type ProducerView = z.infer<typeof producerView>;

/** True when one of two SPIFFE IDs lies under the other, so that their streams could be confused. */
export function isNested(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** True when a producer may write this stream: its own id, or a path below it. */
export function ownsStream(producer: string, stream: string): boolean {
  return stream === producer || stream.startsWith(`${producer}/`);
}
