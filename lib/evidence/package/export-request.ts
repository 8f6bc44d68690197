/** What a person asks for, and what the console says would be in the package, before anything is recorded. */
import * as z from 'zod';
import { searchTotal } from '@/lib/decisions/decision-view';
import { foreignId } from '@/lib/decisions/record-payload';
import { EXPORT_PURPOSES, packageScope } from './manifest';

/** Shown as it is in the report: no control characters. */
const recipient = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'control characters');

/** POST /api/v1/evidence */
export const exportRequest = z.object({
  scope: packageScope,
  purpose: z.enum(EXPORT_PURPOSES),
  /** Stands in the console's record, so it must not name a person. */
  caseReference: foreignId.nullable().default(null),
  recipient: recipient.nullable().default(null),
  payloads: z.boolean().default(false),
});
export type ExportRequest = z.infer<typeof exportRequest>;

/** POST /api/v1/evidence/preview */
export const previewRequest = z.object({ scope: packageScope });

export const exportPreview = z.object({
  decisions: searchTotal,
  /** Packages that this becomes; null where the decisions are not counted. */
  packages: z.number().int().nullable(),
  /** Counted decision by decision; null for more than a few. */
  contents: z
    .object({
      records: z.number().int(),
      recordBytes: z.number().int(),
      /** Records that a checkpoint of the log covers. */
      proven: z.number().int(),
      tokens: z.number().int(),
      /** Tokens that could still be redeemed: only their gateway holds them. */
      tokensWithheld: z.number().int(),
      reviewsWithheld: z.number().int(),
      payloads: z.number().int(),
      payloadBytes: z.number().int(),
      receipts: z.number().int(),
    })
    .nullable(),
  mayIncludePayloads: z.boolean(),
  /** Whether this console has built its verifier page, which is then part of the package. */
  verifierPage: z.boolean(),
});
export type ExportPreview = z.infer<typeof exportPreview>;

/** Response headers of an export: its id, the decisions it will hold at most, and where the next package goes on. */
export const EXPORT_ID_HEADER = 'x-countersign-export';
