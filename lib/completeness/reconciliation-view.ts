import * as z from 'zod';
import { columnMapping } from './map-columns';
import { MAX_CSV_BYTES } from './parse-csv';
import { FINDINGS } from './reconcile';

const label = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
const tool = z.string().regex(/^[A-Za-z0-9._:/@+-]{1,128}$/);
const n = z.number().int().nonnegative();
const instant = z.iso.datetime();

/** POST /api/v1/reconciliations: the file as it is, and how to read it. */
export const importRequest = z.strictObject({
  /** As decision records name it, for instance `sepa`. */
  system: label,
  /** What the list holds, for instance `payment`. */
  type: label,
  /** Which tools' decisions should have led to an action there. */
  tools: z.array(tool).min(1).max(50),
  mapping: columnMapping,
  toleranceMinutes: z.number().int().min(1).max(10_080),
  /** The time that the list covers; absent: from its first to its last row. */
  from: instant.optional(),
  to: instant.optional(),
  content: z.string().max(MAX_CSV_BYTES),
});
export type ImportRequest = z.infer<typeof importRequest>;

export const reconciliationFinding = z.enum([...FINDINGS, 'unreadable']);
export type AnyFinding = z.infer<typeof reconciliationFinding>;

export const reconciliationRow = z.object({
  id: z.string(),
  system: z.string(),
  type: z.string(),
  fileDigest: z.string(),
  from: z.string(),
  to: z.string(),
  importedAt: z.string(),
  importedBy: z.string(),
  rows: n,
  tools: z.array(z.string()),
  toleranceMinutes: n,
  counts: z.partialRecord(reconciliationFinding, n),
  record: z.object({ stream: z.string(), position: n }),
});
export type ReconciliationRow = z.infer<typeof reconciliationRow>;

export const reconciliationList = z.object({
  reconciliations: z.array(reconciliationRow),
  /** What decisions of late named: systems with the type of what they made there, and tools. */
  known: z.object({
    systems: z.array(z.object({ system: z.string(), type: z.string() })),
    tools: z.array(z.string()),
  }),
});
export type ReconciliationList = z.infer<typeof reconciliationList>;

export const reconciliationItem = z.object({
  n,
  finding: reconciliationFinding,
  /** Row of the file, counted after its header. */
  row: n.nullable(),
  externalId: z.string().nullable(),
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  at: z.string().nullable(),
  decision: z.string().nullable(),
  decidedAmount: z.string().nullable(),
  decidedCurrency: z.string().nullable(),
  decidedAt: z.string().nullable(),
});
export type ReconciliationItem = z.infer<typeof reconciliationItem>;

export const reconciliationPage = z.object({
  reconciliation: reconciliationRow,
  items: z.array(reconciliationItem),
  /** The `n` after which the next page begins; null on the last. */
  next: n.nullable(),
});
export type ReconciliationPage = z.infer<typeof reconciliationPage>;
