import * as z from 'zod';

/** POST /api/v1/settings/keys: exchange one of the console's own keys. */
export const rotateKeyRequest = z.strictObject({
  purpose: z.enum(['approval', 'journal']),
  /** Somebody else may hold the old key: nothing it signed is redeemed from now on. */
  compromised: z.boolean(),
});
