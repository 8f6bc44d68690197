import * as z from 'zod';
import { foreignId } from '@/lib/decisions/record-payload';
import { EXPORT_PURPOSES } from '../package/manifest';

/** POST /api/v1/evidence/cer */
export const cerExportRequest = z.object({
  decision: foreignId,
  purpose: z.enum(EXPORT_PURPOSES),
  /** Stands in the console's record, so it must not name a person. */
  caseReference: foreignId.nullable().default(null),
});
export type CerExportRequest = z.infer<typeof cerExportRequest>;
