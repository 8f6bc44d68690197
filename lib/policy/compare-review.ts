import { isJsonObject, type JsonValue } from '@/lib/core/json';
import { compareAmounts } from '@/lib/core/money';
import type { RuleChange } from './compare-rules';
import type { PolicyDocument } from './policy-document';

/** What each member of `review` is called; a `*` stands for a tier. A member that is not here goes by its own name. */
const WORDS: Record<string, string> = {
  quorum: 'who must approve',
  waitMinutes: 'minutes it waits',
  tokenMinutes: 'minutes a token lives',
  'requiredSections.*': 'sections to read, * actions',
  'minimumActiveMs.*': 'least active reading in ms, * actions',
  escalateAfterMinutes: 'minutes until it is raised',
  'breakGlass.enabled': 'break-glass',
  'breakGlass.minutes': 'minutes that break-glass is open',
  'breakGlass.tiers': 'tiers under break-glass',
  'breakGlass.relaxes': 'what break-glass relaxes',
  'breakGlass.roles': 'who may ask for break-glass',
  'breakGlass.reviewWithinHours': 'hours until break-glass is reviewed',
  editorMayApprove: 'who narrowed it may approve it',
  bulkApproveTiers: 'tiers approved several at once',
  remindAtPercent: 'reminders, per cent of the wait',
  'attention.reading.perThousandCharactersMs': 'least reading of a thousand characters in ms',
  'attention.reading.perItemMs': 'least reading of an item in ms',
  'attention.reading.atMostMs': 'most that evidence adds to reading in ms',
  'attention.load.decisionsPerHour': 'most verdicts in an hour',
  'attention.load.activeMinutes': 'most active minutes without a break',
  'attention.load.breakMinutes': 'minutes of a break',
  'attention.load.weights.*': 'weight of a verdict, * actions',
  'attention.load.noticeAtPercent': 'notice before a limit, per cent',
  'attention.drills.perHundred': 'drills in a hundred escalations',
  'attention.drills.knownBadPercent': 'known bad drills, per cent',
  'attention.drills.withinMinutes': 'minutes within which a drill appears',
  'attention.drills.skipWhenWaiting': 'no drill while more wait than',
  'attention.whenFatigued': 'when somebody shows fatigue',
  'attention.lessLoadPercent': 'limits under fatigue, per cent',
  'notInspectable.*': 'what cannot be inspected, * actions',
  'passkey.*': 'passkey, * actions',
};

/** What changed in `review`, member by member and in words; a number that fell is called lowered. */
export function compareReview(
  before: PolicyDocument['review'],
  after: PolicyDocument['review'],
): RuleChange[] {
  const [old, next] = [listMembers(before), listMembers(after)];
  const paths = [...next.keys(), ...[...old.keys()].filter((path) => !next.has(path))];
  return paths.flatMap((path): RuleChange[] => {
    const [from, to] = [old.get(path), next.get(path)];
    const rule = wordsOf(path);
    if (from === to) return [];
    if (from === undefined) return [{ kind: 'review', rule, change: 'added', to }];
    if (to === undefined) return [{ kind: 'review', rule, change: 'removed', from }];
    const order = compareAmounts(from, to);
    const change = !order.ok || order.value === 0 ? 'changed' : order.value < 0 ? 'raised' : 'lowered';
    return [{ kind: 'review', rule, change, from, to }];
  });
}

/** Every member that is no object, by its path, as it is said. */
function listMembers(review: PolicyDocument['review']): Map<string, string> {
  const members = new Map<string, string>();
  const walk = (value: JsonValue | undefined, path: string) => {
    if (value === undefined) return;
    if (isJsonObject(value))
      for (const [name, each] of Object.entries(value)) walk(each, path === '' ? name : `${path}.${name}`);
    else members.set(path, say(value));
  };
  walk(review as unknown as JsonValue, '');
  return members;
}

function say(value: JsonValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return 'none';
  return value
    .map((each) =>
      isJsonObject(each) ? `${each.count} ${String(each.role).replace('_', ' ')}` : String(each),
    )
    .join(', ');
}

function wordsOf(path: string): string {
  const exact = WORDS[path];
  if (exact !== undefined) return exact;
  const at = path.lastIndexOf('.');
  const ofTier = WORDS[`${path.slice(0, at)}.*`];
  return ofTier === undefined ? path : ofTier.replace('*', path.slice(at + 1));
}
