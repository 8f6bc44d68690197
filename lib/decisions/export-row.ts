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
] as const satisfies readonly (keyof DecisionRow)[];

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One CSV cell (RFC 4180). Agents choose some of these texts: one that a spreadsheet would take for a formula is given a
 * leading apostrophe (OWASP, "CSV Injection").
 */
export function formatCsvCell(value: string | number | null | readonly string[]): string {
  const text = value === null ? '' : Array.isArray(value) ? value.join(' ') : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const CSV_HEADER = `${EXPORT_COLUMNS.join(',')}\r\n`;

export function formatCsvRow(row: DecisionRow): string {
  return `${EXPORT_COLUMNS.map((column) => formatCsvCell(row[column])).join(',')}\r\n`;
}
