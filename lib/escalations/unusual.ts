/** What is unusual about an action against what went before: facts for the reviewer, no verdict. */

import type { JsonValue } from '@/lib/core/json';
import { formatAmount, parseAmount } from '@/lib/core/money';
import { hasInvisible } from '@/lib/escalations/marked-passages';

export interface Unusual {
  finding: string;
  detail: string;
  /** JSON Pointer (RFC 6901) into the action. */
  path?: string;
}

export interface UnusualInput {
  /** The parsed action. */
  action: JsonValue;
  amount: string | null;
  currency: string | null;
  /** Null where the tool names no counterparty. */
  counterparty: { settled: number } | null;
  /** Amounts of this agent's last actions of this tool in the same currency. */
  recentAmounts: readonly string[];
  /** Limits in money that spoke, decimal strings in `currency`. */
  limits: readonly { name: string; limit: string }[];
}

const FEWEST_FOR_MEDIAN = 5;
const MEDIAN_FACTOR = 3n;

/** Findings in the order in which a reviewer should read them. */
export function findUnusual(input: UnusualInput): Unusual[] {
  return [
    ...findHiddenText(input.action),
    ...findNewCounterparty(input),
    ...findAmount(input),
    ...findJustUnder(input),
  ];
}

function findNewCounterparty({ counterparty }: UnusualInput): Unusual[] {
  if (!counterparty || counterparty.settled > 0) return [];
  return [
    {
      finding: 'new counterparty',
      detail: 'No earlier action to this counterparty was allowed or approved.',
    },
  ];
}

function findAmount({ amount, currency, recentAmounts }: UnusualInput): Unusual[] {
  const units = unitsOf(amount);
  const recent = recentAmounts
    .flatMap((text) => unitsOf(text) ?? [])
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (units === null || recent.length < FEWEST_FOR_MEDIAN) return [];
  const median = medianOf(recent);
  const largest = recent.at(-1) ?? 0n;
  const findings: Unusual[] = [];
  if (median > 0n && units >= MEDIAN_FACTOR * median) {
    const tenths = (units * 10n + median / 2n) / median;
    findings.push({
      finding: `${tenths / 10n}.${tenths % 10n}× the median amount`,
      detail: `The median of the last ${recent.length} is ${formatAmount(median)} ${currency ?? ''}.`.replace(
        ' .',
        '.',
      ),
    });
  }
  if (units > largest) {
    findings.push({
      finding: 'largest amount so far',
      detail:
        `The largest of the last ${recent.length} was ${formatAmount(largest)} ${currency ?? ''}.`.replace(
          ' .',
          '.',
        ),
    });
  }
  return findings;
}

/** Within 5% under a limit, the place where somebody who knows the limit would put it. */
function findJustUnder({ amount, limits }: UnusualInput): Unusual[] {
  const units = unitsOf(amount);
  if (units === null) return [];
  return limits.flatMap(({ name, limit }) => {
    const bound = unitsOf(limit);
    if (bound === null || bound <= 0n || units > bound || units * 20n < bound * 19n) return [];
    return [
      { finding: 'just under a limit', detail: `${formatAmount(units)} is within 5% of ${name} (${limit}).` },
    ];
  });
}

function findHiddenText(value: JsonValue, path = ''): Unusual[] {
  if (typeof value === 'string') return describeText(value, path);
  if (Array.isArray(value)) return value.flatMap((item, i) => findHiddenText(item, `${path}/${i}`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const pointer = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [...describeText(key, pointer), ...findHiddenText(member, pointer)];
  });
}

function describeText(text: string, path: string): Unusual[] {
  const findings: Unusual[] = [];
  if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/.test(text)) {
    findings.push({
      finding: 'text that changes its reading direction',
      detail: 'Shown order may differ from the signed order.',
      path,
    });
  } else if (hasInvisible(text)) {
    findings.push({
      finding: 'invisible characters',
      detail: 'The signed text holds characters that are not drawn.',
      path,
    });
  }
  if (/(?![\t\n\r])\p{Cc}/u.test(text)) {
    findings.push({
      finding: 'control characters',
      detail: 'The signed text holds characters that are not drawn.',
      path,
    });
  }
  if (text.split(/[^\p{L}]+/u).some(mixesScripts)) {
    findings.push({
      finding: 'letters of several scripts in one word',
      detail: 'Letters that look alike may stand for others.',
      path,
    });
  }
  return findings;
}

function mixesScripts(word: string): boolean {
  return (
    /\p{Script=Latin}/u.test(word) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(word)
  );
}

function medianOf(sorted: readonly bigint[]): bigint {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0n;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0n) + upper) / 2n;
}

function unitsOf(text: string | null): bigint | null {
  if (text === null) return null;
  const parsed = parseAmount(text);
  return parsed.ok ? parsed.value : null;
}
