/** The smaller files of a package that a verifier reads before anything is verified. */
import * as z from 'zod';
import { WITNESS_TYPES } from '@/lib/integrity/witness/witness-report';
import { logMaterial, streamKey, streamMaterial } from '../verification-material';

/** `keys/keys.json`: the keys that the exporting console names, with their validity. Offered, never trusted by itself. */
export const packageKeys = z.object({
  log: logMaterial.nullable(),
  streams: z.array(streamMaterial).max(65_534),
  approvalKeys: z.array(streamKey).max(10_000),
});
export type PackageKeys = z.infer<typeof packageKeys>;

/** `receipts/index.json`: which receipt is over which checkpoint. */
export const receiptIndex = z.object({
  receipts: z
    .array(
      z.object({
        path: z.string().max(180),
        /** What the console calls the witness. */
        witness: z.string().max(200),
        type: z.enum(WITNESS_TYPES),
        /** Size of the checkpoint that was stamped: `checkpoints/<size>.checkpoint`. */
        size: z.number().int().nonnegative(),
      }),
    )
    .max(10_000),
});
export type PackagedReceipt = z.infer<typeof receiptIndex>['receipts'][number];
