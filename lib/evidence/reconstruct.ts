/**
 * The eight field groups of a decision (formats.md §3), each value with who vouches for it: *attested* stands in signed
 * bytes, *re-hashed* was digested here from content this browser holds, *inferred* follows from something else, and
 * *missing* should be there and is not. Each says why, and from which record it was taken. Nothing is left out for being
 * empty: an absent group says so; and what the record says beyond the groups stands in a ninth.
 */
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { DecisionBody } from '@/lib/decisions/record-payload';
import type { DecisionStory } from './decision-story';
import { attested, type EvidenceGroup, type EvidenceValue, text, type ValueSource } from './evidence-value';
import { listUnread } from './list-unread';
import { identity, output, payload } from './reconstruct-action';
import { downstream, review } from './reconstruct-review';
import { context, guardrails, model } from './reconstruct-versions';

export interface Reconstruction {
  producer: string;
  body: DecisionBody;
  /** The body before its schema read it; absent: not asked what else it says. */
  raw?: Record<string, unknown>;
  story: DecisionStory;
  detail: Pick<
    DecisionDetail,
    'versions' | 'payloads' | 'parents' | 'people' | 'reviewsWithheld' | 'inForce'
  > &
    Partial<Pick<DecisionDetail, 'record'>>;
}

type GroupKey = EvidenceGroup['key'];

export function reconstruct(from: Reconstruction): EvidenceGroup[] {
  const unread = from.raw === undefined ? [] : listUnread(from.raw, from.body);
  const beyond = (key: string) =>
    unread
      .filter(({ path }) => path === key || path.startsWith(`${key}.`))
      .map(({ path, json }) => sayMore(path, json));
  const group = (key: GroupKey, title: string, values: EvidenceValue[]): EvidenceGroup => ({
    key,
    title,
    values: [...values, ...beyond(key)].map((value) => explain(value, key, from)),
  });
  const groups = [
    group('identity', 'Identity', identity(from)),
    group('input', 'Input', payload('Payload', from.body.input, from)),
    group('model', 'Model', model(from)),
    group('context', 'Context', context(from)),
    group('guardrails', 'Guardrails', guardrails(from)),
    group('output', 'Output and action', output(from)),
    group('review', 'Review', review(from)),
    group('downstream', 'Downstream', downstream(from)),
  ];
  const known = new Set<string>(groups.map(({ key }) => key));
  const others = unread.filter(({ path }) => !known.has(path.split('.')[0] ?? ''));
  if (others.length === 0) return groups;
  const values = others.map(({ path, json }) => explain(sayMore(path, json), 'other', from));
  return [...groups, { key: 'other', title: 'Also in the record', values }];
}

/** Characters of one unread member that stand in its line; the whole is under Raw. */
const MAX_JSON = 2_000;

function sayMore(path: string, json: string): EvidenceValue {
  const shown =
    json.length > MAX_JSON
      ? `${json.slice(0, MAX_JSON)}… (${json.length} characters, whole under Raw)`
      : json;
  return {
    ...attested(path, text(shown)),
    why: 'Signed, but no schema of this console names it: shown as it is, never interpreted.',
  };
}

/** Says why and whence where the value does not say it itself. */
function explain(value: EvidenceValue, key: GroupKey, from: Reconstruction): EvidenceValue {
  const { record } = from.detail;
  const own: ValueSource | undefined = record
    ? {
        stream: record.stream,
        position: record.position,
        kind: record.kind,
        field: key === 'other' ? 'body' : key,
      }
    : undefined;
  const source = value.source ?? (value.evidence === 'inferred' ? undefined : own);
  return { ...value, why: value.why ?? reasonFor(value, from.producer), ...(source ? { source } : {}) };
}

function reasonFor(value: EvidenceValue, producer: string): string {
  if (value.mismatch) return 'What is held here does not digest to what the record names.';
  switch (value.evidence) {
    case 'attested':
      return value.source === undefined
        ? `Stands in the bytes that ${producer} signed.`
        : 'Stands in signed bytes.';
    case 'rehashed':
      return 'Digested here from the content that this page holds, and equal to what the record names.';
    case 'inferred':
      return 'Follows from what the records say; no record says it.';
    case 'missing':
      return 'The signed record has no such member.';
  }
}
