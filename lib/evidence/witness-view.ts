/** Outside witnesses of the log as the console tells of them, and the requests by which an administrator changes them. */
import * as z from 'zod';
import { WITNESS_TYPES } from '@/lib/integrity/witness/witness-report';
import { checkView } from './check-view';
import { trustRoot } from './trust/trust-root';

export const WITNESS_STATES = ['ok', 'behind', 'failing', 'disabled'] as const;
export type WitnessState = (typeof WITNESS_STATES)[number];

/** A witness's name: what people call it, and how its receipts are kept apart. */
export const witnessName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);
export const witnessType = z.enum(WITNESS_TYPES);
/** How long to wait between two stamps; 0 stamps every checkpoint. */
const everySeconds = z.int().min(0).max(604_800);

const latestReceipt = z.object({
  size: z.number().int(),
  /** `pending`: kept, and not VALID yet. */
  state: z.enum(['complete', 'pending']),
  verdict: z.enum(['valid', 'invalid', 'not-checked']),
  checks: z.array(checkView),
  verifiedAt: z.string(),
  /** When the witness says that it saw the checkpoint. */
  witnessedAt: z.string().nullable(),
  authority: z.string(),
});

/** How one witness does, without its settings. */
export const witnessHealth = z.object({
  name: z.string(),
  type: witnessType,
  demo: z.boolean(),
  enabled: z.boolean(),
  state: z.enum(WITNESS_STATES),
  /** Of its newest VALID receipt. */
  lastSize: z.number().int().nullable(),
  lastAt: z.string().nullable(),
  /** Checkpoints that its newest VALID receipt does not cover. */
  backlog: z.number().int(),
  /** Receipts that are kept and not VALID yet. */
  pending: z.number().int(),
  lastError: z.string().nullable(),
  lastErrorAt: z.string().nullable(),
  /** When it is asked next, if it is waited for. */
  nextAt: z.string().nullable(),
  latest: latestReceipt.nullable(),
});
export type WitnessHealth = z.infer<typeof witnessHealth>;

/** For the settings: what an administrator wrote, without secrets. */
export const witnessView = witnessHealth.extend({
  everySeconds,
  allowPrivate: z.boolean(),
  settings: z.record(z.string(), z.unknown()),
  /** Names of the secrets that are kept; their values never leave the server. */
  secrets: z.array(z.string()),
  addedAt: z.string(),
});
export type WitnessView = z.infer<typeof witnessView>;

export const trustRootView = z.object({
  root: trustRoot,
  pinnedBy: z.string(),
  pinnedAt: z.string(),
  unpinnedAt: z.string().nullable(),
});
export type TrustRootView = z.infer<typeof trustRootView>;

const settings = z.record(z.string().max(64), z.unknown());

/** POST /api/v1/settings/witnesses */
export const addWitnessRequest = z.strictObject({
  name: witnessName,
  type: witnessType,
  everySeconds,
  settings,
  /** The witness may be at an address of this machine or network. */
  allowPrivate: z.boolean(),
});
export type AddWitnessRequest = z.infer<typeof addWitnessRequest>;

/** PUT /api/v1/settings/witnesses: what is left out stays as it is; secrets that are not given are kept. */
export const changeWitnessRequest = z.strictObject({
  name: witnessName,
  enabled: z.boolean().optional(),
  everySeconds: everySeconds.optional(),
  settings: settings.optional(),
  forgetSecrets: z.boolean().optional(),
  allowPrivate: z.boolean().optional(),
});
export type ChangeWitnessRequest = z.infer<typeof changeWitnessRequest>;

/** What the file does not say itself: what a bare key or certificate is to be trusted for. */
export const PINNABLE_KINDS = [
  'timestamp-authority',
  'witness',
  'bitcoin-header',
  'store-audit-key',
  'ledger-service',
  'ledger-key',
  'rekor-log',
  'anchor-key',
  'log',
  'cer-node',
] as const;

/** POST /api/v1/trust/pin */
export const pinRootsRequest = z.strictObject({
  /** Name of the file. */
  file: z.string().min(1).max(200),
  content: z.base64(),
  as: z.enum(PINNABLE_KINDS).optional(),
  name: z.string().min(1).max(200).optional(),
  origin: z.string().min(1).max(200).optional(),
});
export type PinRootsRequest = z.infer<typeof pinRootsRequest>;

/** POST /api/v1/trust/unpin */
export const unpinRootRequest = z.strictObject({
  kind: z.enum(PINNABLE_KINDS),
  fingerprint: z.string().regex(/^sha-256:[0-9a-f]{64}$/),
});
export type UnpinRootRequest = z.infer<typeof unpinRootRequest>;
