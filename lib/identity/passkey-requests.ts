/**
 * What pages and console say to each other about passkeys. The members of WebAuthn's JSON forms (Level 3 §5.1) that are
 * used are named, and bounded; `clientExtensionResults` and the like are not read.
 */
import * as z from 'zod';

const encoded = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);
const credentialId = encoded(1_364);

/** RegistrationResponseJSON. */
export const registrationResponse = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: encoded(11_000),
    attestationObject: encoded(16_000),
    transports: z.array(z.string().max(32)).max(8).default([]),
  }),
});
export type RegistrationResponse = z.infer<typeof registrationResponse>;

/** AuthenticationResponseJSON. */
export const assertionResponse = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: encoded(11_000),
    authenticatorData: encoded(2_048),
    signature: encoded(1_400),
  }),
});
export type AssertionResponse = z.infer<typeof assertionResponse>;

/** A one-time link's secret: 32 bytes. */
const linkSecret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** POST /api/v1/passkeys/options */
export const passkeyOptionsRequest = z.strictObject({ link: linkSecret.nullable() });

/** POST /api/v1/passkeys */
export const registerPasskeyRequest = z.strictObject({
  name: z.string().trim().min(1).max(64),
  registration: registrationResponse,
  /** By a passkey that the person has; asked for when they have one. */
  confirmation: assertionResponse.optional(),
  link: linkSecret.optional(),
});
export type RegisterPasskeyRequest = z.infer<typeof registerPasskeyRequest>;

export const PASSKEY_ENDINGS = ['replaced', 'lost', 'stolen', 'left', 'cloned', 'other'] as const;
export type PasskeyEnding = (typeof PASSKEY_ENDINGS)[number];

/** DELETE /api/v1/passkeys/{id}, POST /api/v1/people/{id}/passkeys */
export const retirePasskeyRequest = z.strictObject({
  passkey: z.string().max(64),
  reason: z.enum(PASSKEY_ENDINGS),
});

export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  /** base64url. */
  credentialId: z.string(),
  /** Kept by a provider on several devices, as far as the authenticator said. */
  backedUp: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
  ending: z.enum(PASSKEY_ENDINGS).nullable(),
});
export type PasskeyView = z.infer<typeof passkeyView>;

/** How somebody came to register a passkey: their first, with one they had, or with a link that an administrator gave. */
export const PASSKEY_GRANTS = ['first', 'passkey', 'administrator'] as const;

/** What somebody's next registration rests on; `link` when they need one from an administrator. */
export const passkeyGrant = z.enum([...PASSKEY_GRANTS, 'link']);
export type PasskeyGrant = z.infer<typeof passkeyGrant>;

/** Options go to the browser as the library made them. */
const options = z.record(z.string(), z.unknown());

/** POST /api/v1/passkeys/options */
export const passkeyOptions = z.object({ registration: options, confirmation: options.nullable() });
export type PasskeyOptions = z.infer<typeof passkeyOptions>;
