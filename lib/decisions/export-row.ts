import { formatCsvCell } from '@/lib/core/csv-cell';
import type { DecisionRow } from './decision-view';

/** Columns of the CSV in order: the names of the JSON members. */
export const EXPORT_COLUMNS = [
  'id',
  'occurredAt',
  'agent',
  'agentVersion',
  'runtime',
  'principal',
  'tool',
  'resource',
  'tier',
  'verdict',
  'source',
  'control',
  'rule',
  'reasonCode',
  'model',
  'modelVersion',
  'prompt',
  'promptVersion',
  'policyId',
  'policyVersion',
  'guardrails',
  'amount',
  'currency',
  'escalation',
  'traceId',
  'runId',
  'sessionId',
  'stream',
  'position',
  'origin',
] as const satisfies readonly (keyof DecisionRow)[];

export const CSV_HEADER = `${EXPORT_COLUMNS.join(',')}\r\n`;

export function formatCsvRow(row: DecisionRow): string {
  return `${EXPORT_COLUMNS.map((column) => formatCsvCell(row[column])).join(',')}\r\n`;
}
