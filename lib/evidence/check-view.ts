/** A check as it crosses the wire; the page that gets it says that the console found it, not this browser. */
import * as z from 'zod';
import type { Check } from '@/lib/integrity/check';

const where = z.object({
  stream: z.string().optional(),
  position: z.number().int().optional(),
  index: z.number().int().optional(),
  byteFrom: z.number().int().optional(),
  byteTo: z.number().int().optional(),
});

const line = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['valid', 'invalid', 'not-checked']),
  compared: z.string(),
  key: z.string().optional(),
  code: z.string().optional(),
  where: where.optional(),
  expected: z.string().optional(),
  computed: z.string().optional(),
  reason: z.string().optional(),
  root: z.object({ name: z.string(), fingerprint: z.string(), pinnedBy: z.string().optional() }).optional(),
});

export const checkView: z.ZodType<Check> = line.extend({
  get details() {
    return z.array(checkView).optional();
  },
}) as unknown as z.ZodType<Check>;
