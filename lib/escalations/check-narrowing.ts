/**
 * Whether an edited action is the original made narrower, and in nothing else different (formats.md §9: a reviewer's
 * condition narrows, never widens). Where it may differ is said by the policy; how, by the kind of place:
 *
 *   lower    a decimal string or an integer of the same spelling, strictly smaller and above zero
 *   earlier  an instant or a date in the same spelling, strictly earlier
 *   fewer    a list without some of its items, in the same order, and not empty
 */
import { formatCanonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@/lib/core/json';
import { compareAmounts } from '@/lib/core/money';
import { err, ok, type Result } from '@/lib/core/result';
import type { Action } from '@/lib/tokens/action';

export type NarrowKind = 'lower' | 'earlier' | 'fewer';

/** JSON Pointers (RFC 6901) into the action. */
export type NarrowRule = Readonly<Record<NarrowKind, readonly string[]>>;

export interface Narrowing {
  pointer: string;
  kind: NarrowKind;
  from: JsonValue;
  to: JsonValue;
}

/** Every narrowing in the order of the pointers' walk; `detail` of a refusal is the pointer that widens or differs. */
export function checkNarrowing(
  original: Action,
  edited: Action,
  rule: NarrowRule,
): Result<Narrowing[], 'edit_widens' | 'edit_unchanged'> {
  const found: Narrowing[] = [];
  const wrong = compare('', original as unknown as JsonValue, edited as unknown as JsonValue, rule, found);
  if (wrong !== null) return err('edit_widens', wrong === '' ? '/' : wrong);
  return found.length === 0 ? err('edit_unchanged') : ok(found);
}

/** The places where the policy lets a tool's requests be narrowed: its amount, and what it names besides. */
export function narrowRuleOf(
  tool: { amount?: string | undefined; narrow?: NarrowRule | undefined } | null,
): NarrowRule {
  const { lower = [], earlier = [], fewer = [] } = tool?.narrow ?? {};
  return { lower: [...(tool?.amount === undefined ? [] : [tool.amount]), ...lower], earlier, fewer };
}

/** The first pointer that differs in a way that is no narrowing, or null. */
function compare(
  pointer: string,
  from: JsonValue,
  to: JsonValue,
  rule: NarrowRule,
  found: Narrowing[],
): string | null {
  if (formatCanonicalJson(from) === formatCanonicalJson(to)) return null;
  const kind = (['lower', 'earlier', 'fewer'] as const).find((each) => rule[each].includes(pointer));
  if (kind !== undefined) {
    if (!isNarrower(kind, from, to)) return pointer;
    found.push({ pointer, kind, from, to });
    return null;
  }
  if (isJsonObject(from) && isJsonObject(to)) return compareMembers(pointer, from, to, rule, found);
  if (!Array.isArray(from) || !Array.isArray(to) || from.length !== to.length) return pointer;
  for (const [index, item] of from.entries()) {
    const wrong = compare(`${pointer}/${index}`, item, to[index] as JsonValue, rule, found);
    if (wrong !== null) return wrong;
  }
  return null;
}

function compareMembers(
  pointer: string,
  from: JsonObject,
  to: JsonObject,
  rule: NarrowRule,
  found: Narrowing[],
): string | null {
  for (const name of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(from, name) || !Object.hasOwn(to, name)) return at;
    const wrong = compare(at, from[name] as JsonValue, to[name] as JsonValue, rule, found);
    if (wrong !== null) return wrong;
  }
  return null;
}

function isNarrower(kind: NarrowKind, from: JsonValue, to: JsonValue): boolean {
  if (typeof from !== typeof to) return false;
  switch (kind) {
    case 'lower':
      return isLower(from, to);
    case 'earlier':
      return typeof from === 'string' && typeof to === 'string' && isEarlier(from, to);
    case 'fewer':
      return Array.isArray(from) && Array.isArray(to) && isPart(from, to);
  }
}

function isLower(from: JsonValue, to: JsonValue): boolean {
  if (typeof from !== 'string' && typeof from !== 'number') return false;
  const [was, is] = [String(from), String(to)];
  const lower = compareAmounts(is, was);
  const positive = compareAmounts('0', is);
  return lower.ok && lower.value === -1 && positive.ok && positive.value === -1;
}

/** UTC only, and both spelled alike: then the order of the text is the order in time. */
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?Z)?$/;

function isEarlier(from: string, to: string): boolean {
  return INSTANT.test(from) && INSTANT.test(to) && from.length === to.length && isReal(to) && to < from;
}

function isReal(instant: string): boolean {
  const day = instant.slice(0, 10);
  const ms = Date.parse(instant);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function isPart(from: readonly JsonValue[], to: readonly JsonValue[]): boolean {
  if (to.length === 0 || to.length >= from.length) return false;
  const items = from.map(formatCanonicalJson);
  let at = 0;
  for (const item of to.map(formatCanonicalJson)) {
    at = items.indexOf(item, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
