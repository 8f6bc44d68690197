import type * as z from 'zod';
import { err, ok, type Result } from '@/lib/core/result';
import { bodySchemaOf, isLaterSchema, type RecordPayload } from './record-payload';

/**
 * A record's body as this console understands it; null for one of a later minor schema that it can only keep and show.
 * @param schema where the kind's own does not hold, as for outcomes that the console itself reports
 * @returns `body_invalid` with the first path that does not fit, never with a value
 */
export function readBody(
  payload: Pick<RecordPayload, 'kind' | 'schema_version' | 'body'>,
  schema: z.ZodType = bodySchemaOf(payload.kind),
): Result<Record<string, unknown> | null, 'body_invalid'> {
  const read = schema.safeParse(payload.body);
  if (read.success) return ok(read.data as Record<string, unknown>);
  if (isLaterSchema(payload.schema_version)) return ok(null);
  return err('body_invalid', ['body', ...(read.error.issues[0]?.path ?? [])].map(String).join('.'));
}
