import type { ValuePart } from '../evidence-value';

/** A reconstructed value as one line of plain text, exact and without a time zone to guess. Still attacker-controlled. */
export function printValue(parts: readonly ValuePart[]): string {
  return parts.map(printPart).join(' ');
}

function printPart(part: ValuePart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'id':
    case 'trace':
      return part.value;
    case 'node':
      return part.label;
    case 'amount':
      return `${part.currency} ${groupDigits(part.amount)}`;
    case 'tier':
      return TIERS[part.tier];
    case 'outcome':
      return part.verdict;
    case 'guardrail':
      return part.verdict;
    case 'verdict':
      return part.verdict;
    case 'time':
      return printInstant(part.at);
    case 'duration':
      return printDuration(part.ms);
    case 'window':
      return part.window;
  }
}

const TIERS = {
  reversible: 'reversible',
  bounded: 'irreversible but bounded',
  unbounded: 'irreversible and unbounded',
} as const;

/** `2026-11-20T08:36:00.123Z` → `2026-11-20 08:36:00.123 UTC`. */
export function printInstant(at: string): string {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, -1)} UTC` : at;
}

/** `109000` → `1 min 49 s`. */
export function printDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ].filter(([n], index) => n !== 0 || index === 2);
  return parts.map(([n, unit]) => `${n} ${unit}`).join(' ');
}

/** `18500.00` → `18,500.00`, digit for digit. */
function groupDigits(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
