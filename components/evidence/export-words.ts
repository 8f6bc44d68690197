import type { ExportPurpose } from '@/lib/evidence/package/manifest';
import { PURPOSE_WORDS } from '@/lib/evidence/report/report-words';

export const PURPOSE_OPTIONS = (Object.keys(PURPOSE_WORDS) as ExportPurpose[]).map((value) => ({
  value,
  label: PURPOSE_WORDS[value],
}));

/** `1536` → `1.5 KB`; decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const [unit, size] = bytes < 1_000_000 ? ['KB', 1_000] : bytes < 1e9 ? ['MB', 1_000_000] : ['GB', 1e9];
  const value = bytes / (size as number);
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`;
}

/** Ids that a person pasted, one a line or separated by spaces or commas; each once. */
export function splitIds(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
