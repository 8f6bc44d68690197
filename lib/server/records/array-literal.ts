/**
 * PostgreSQL's text form of a one-dimensional array (manual, "Array Input and Output Syntax"): what the driver would
 * print, several times faster for columns of plain text, which JSON prints the same way.
 */
export function arrayLiteral(values: readonly (string | number | null | undefined)[]): string {
  const json = JSON.stringify(values);
  // JSON writes a backslash wherever the two notations differ: quotes, backslashes and control characters.
  if (!json.includes('\\')) return `{${json.slice(1, -1)}}`;
  return `{${values.map(formatElement).join(',')}}`;
}

function formatElement(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
