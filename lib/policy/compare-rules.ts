import { compareAmounts } from '@/lib/core/money';
import { compareReview } from './compare-review';
import type { PolicyBudget, PolicyDocument, PolicyThreshold } from './policy-document';

/** One difference between two versions of a policy. A limit that fell is called lowered, whatever that means for risk. */
export type RuleChange = {
  kind:
    | 'grant'
    | 'tool'
    | 'budget'
    | 'threshold'
    | 'tier'
    | 'containment'
    | 'witnesses'
    | 'counterparties'
    | 'review';
  rule: string;
  change: 'added' | 'removed' | 'raised' | 'lowered' | 'changed';
  /** The bound before and after, for `raised` and `lowered`; for a member of `review` what it said and says. */
  from?: string;
  to?: string;
};

type Rule = { name: string };

/** What changed from one version to the next, in the order of the document. Nothing before: everything was added. */
export function compareRules(before: PolicyDocument | null, after: PolicyDocument): RuleChange[] {
  return [
    ...compareLists('grant', before?.grants ?? [], after.grants, () => undefined),
    ...compareLists('tool', before?.tools ?? [], after.tools, () => undefined),
    ...compareLists('budget', before?.budgets ?? [], after.budgets, (budget: PolicyBudget) => budget.limit),
    ...compareLists('threshold', before?.thresholds ?? [], after.thresholds, boundOf),
    ...compareLists('tier', named(before?.tiers ?? []), named(after.tiers), () => undefined),
    ...compareParts('containment', before?.containment, after.containment),
    ...compareWitnesses(before, after),
    ...compareParts('counterparties', before?.counterparties, after.counterparties),
    ...(before
      ? compareReview(before.review, after.review)
      : compareParts('review', undefined, after.review)),
  ];
}

/** "budget velocity-per-day lowered from 50 to 20", or the plain fact for other changes. */
export function describeRuleChange(change: RuleChange): string {
  const { kind, rule, from, to } = change;
  const said = `${kind === rule ? kind : `${kind} ${rule}`} ${change.change}`;
  if (from !== undefined && to !== undefined) return `${said} from ${from} to ${to}`;
  const only = from ?? to;
  return only === undefined ? said : `${said}: ${only}`;
}

function compareLists<T extends Rule>(
  kind: RuleChange['kind'],
  before: readonly T[],
  after: readonly T[],
  bound: (rule: T) => string | undefined,
): RuleChange[] {
  const changes: RuleChange[] = [];
  for (const rule of after) {
    const old = before.find((candidate) => candidate.name === rule.name);
    if (!old) changes.push({ kind, rule: rule.name, change: 'added' });
    else changes.push(...compareRule(kind, old, rule, bound));
  }
  for (const old of before) {
    if (!after.some((rule) => rule.name === old.name))
      changes.push({ kind, rule: old.name, change: 'removed' });
  }
  return changes;
}

function compareRule<T extends Rule>(
  kind: RuleChange['kind'],
  old: T,
  rule: T,
  bound: (rule: T) => string | undefined,
): RuleChange[] {
  const from = bound(old);
  const to = bound(rule);
  const order = from !== undefined && to !== undefined ? compareAmounts(from, to) : undefined;
  if (order?.ok && order.value !== 0) {
    return [{ kind, rule: rule.name, change: order.value < 0 ? 'raised' : 'lowered', from, to }];
  }
  return isSame(old, rule) ? [] : [{ kind, rule: rule.name, change: 'changed' }];
}

function compareParts(
  kind: 'containment' | 'counterparties' | 'review',
  before: unknown,
  after: unknown,
): RuleChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ kind, rule: kind, change: 'added' }];
  if (after === undefined) return [{ kind, rule: kind, change: 'removed' }];
  return isSame(before, after) ? [] : [{ kind, rule: kind, change: 'changed' }];
}

/** How many witnesses count is a bound; a policy that says nothing wants none. */
function compareWitnesses(before: PolicyDocument | null, after: PolicyDocument): RuleChange[] {
  const kind = 'witnesses';
  if (!before?.witnesses && !after.witnesses) return [];
  if (!before?.witnesses) return [{ kind, rule: kind, change: 'added' }];
  if (!after.witnesses) return [{ kind, rule: kind, change: 'removed' }];
  return compareRule(
    kind,
    { name: kind, ...before.witnesses },
    { name: kind, ...after.witnesses },
    ({ required }) => String(required),
  );
}

function boundOf({ on }: PolicyThreshold): string | undefined {
  switch (on.kind) {
    case 'per-action':
    case 'cumulative':
    case 'per-counterparty':
    case 'new-beneficiary':
    case 'value-above':
      return on.above;
    case 'value-below':
      return on.below;
    case 'cross-category-burst':
      return String(on.categories);
    default:
      return undefined;
  }
}

function named(tiers: PolicyDocument['tiers']): (PolicyDocument['tiers'][number] & Rule)[] {
  return tiers.map((rule) => ({ name: rule.tier, ...rule }));
}

/** Both come out of one schema, which prints members in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
