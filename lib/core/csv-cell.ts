/** A list stands in one cell, its parts apart by blanks. */
export type CsvValue = string | number | null | readonly string[];

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One CSV cell (RFC 4180). Others choose some of these texts: one that a spreadsheet would take for a formula is given a
 * leading apostrophe (OWASP, "CSV Injection").
 */
export function formatCsvCell(value: CsvValue): string {
  const text = value === null ? '' : Array.isArray(value) ? value.join(' ') : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A whole file: its header and its rows. */
export function formatCsv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [header, ...rows].map((row) => `${row.map(formatCsvCell).join(',')}\r\n`).join('');
}
