import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { compareRules, describeRuleChange, type RuleChange } from '@/lib/policy/compare-rules';
import { parsePolicyDocument } from '@/lib/policy/parse-policy-document';
import type { PolicyDocument } from '@/lib/policy/policy-document';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { type ActivePolicy, getActivePolicy } from './get-active-policy';

export interface PublishedPolicy {
  id: string;
  version: number;
  digest: string;
  changes: RuleChange[];
}

/**
 * Puts a policy in force from `nowMs` on: stores the exact text as the next version, and records what changed; every
 * raised or lowered limit gets a record of its own. Publishing the text already in force changes nothing.
 * `baseVersion` is the version the author started from (0 for none); it guards against overwriting someone's change.
 * The caller has authorised `publishedBy` as an administrator of the tenant.
 * @throws ServiceError `policy_invalid`, `policy_conflict`
 */
export async function publishPolicy(
  input: { tenant: string; text: string; publishedBy: string; baseVersion?: number },
  { nowMs: askedAtMs = clockNowMs() } = {},
): Promise<PublishedPolicy> {
  const parsed = parsePolicyDocument(input.text);
  if (!parsed.ok) throw new ServiceError('policy_invalid', parsed.detail);
  const digest = formatDigest('sha-256', sha256(utf8(input.text)));
  return inTransaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `countersign/policy/${input.tenant}`,
    ]);
    const nowMs = await readTimeUnderLock(tx, input.tenant, askedAtMs);
    const before = await findActivePolicy(tx, input.tenant, nowMs);
    if (input.baseVersion !== undefined && input.baseVersion !== (before?.version ?? 0)) {
      throw new ServiceError('policy_conflict', `Version ${before?.version ?? 0} is in force by now.`);
    }
    if (before?.digest === digest) {
      return { id: before.id, version: before.version, digest, changes: [] };
    }
    const next = { document: parsed.value, id: parsed.value.id, digest };
    const version = await insertVersion(tx, input, next, nowMs);
    const changes = compareRules(before?.document ?? null, parsed.value);
    await journalChanges(tx, input.tenant, before, { ...next, version }, changes, nowMs);
    return { id: next.id, version, digest, changes };
  });
}

/**
 * The time from which the new version holds: never before the version it replaces. Whoever waited for the lock asked
 * earlier than the one who had it, and would neither see that version nor come into force after it.
 */
async function readTimeUnderLock(tx: Tx, tenant: string, askedAtMs: number): Promise<number> {
  const latest = await tx.query<{ at: Date | null }>(
    'SELECT max(active_from) AS at FROM policies WHERE tenant = $1',
    [tenant],
  );
  return Math.max(askedAtMs, latest.rows[0]?.at?.getTime() ?? 0);
}

async function findActivePolicy(tx: Tx, tenant: string, nowMs: number): Promise<ActivePolicy | null> {
  try {
    return await getActivePolicy(tenant, nowMs, tx);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'policy_missing') return null;
    throw error;
  }
}

async function insertVersion(
  tx: Tx,
  input: { tenant: string; text: string; publishedBy: string },
  next: { id: string; digest: string; document: PolicyDocument },
  nowMs: number,
): Promise<number> {
  const latest = await tx.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::int AS version FROM policies WHERE tenant = $1',
    [input.tenant],
  );
  const version = (latest.rows[0]?.version ?? 0) + 1;
  const at = new Date(nowMs);
  await tx.query(
    `INSERT INTO policies (tenant, id, version, digest, document, active_from, published_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [input.tenant, next.id, version, next.digest, input.text, at, input.publishedBy],
  );
  await tx.query(
    `INSERT INTO versions (tenant, digest, kind, name, version, content, first_seen_at)
     VALUES ($1, $2, 'policy', $3, $4, $5, $6)
     ON CONFLICT (tenant, digest) DO UPDATE SET content = coalesce(versions.content, excluded.content)`,
    [input.tenant, next.digest, next.id, String(version), input.text, at],
  );
  return version;
}

async function journalChanges(
  tx: Tx,
  tenant: string,
  before: ActivePolicy | null,
  after: ActivePolicy,
  changes: readonly RuleChange[],
  nowMs: number,
): Promise<void> {
  const versions = {
    ...(before ? { from_version: String(before.version), from_digest: before.digest } : {}),
    to_version: String(after.version),
    to_digest: after.digest,
  };
  const write = (body: Record<string, unknown>) =>
    journal(tx, { tenant, kind: 'change', id: newId('rec', nowMs), body, occurredAtMs: nowMs });
  await write({ target: 'policy', name: after.id, ...versions, summary: summaryOf(before, after, changes) });
  for (const change of changes) {
    if (change.change !== 'raised' && change.change !== 'lowered') continue;
    // How people review is no perimeter: it stands in the summary above, not in the lane of thresholds.
    if (change.kind === 'review') continue;
    await write({
      target: 'threshold',
      name: change.rule,
      ...versions,
      direction: change.change,
      summary: describeRuleChange(change),
    });
  }
}

const MAX_SUMMARY = 1000;

function summaryOf(before: ActivePolicy | null, after: ActivePolicy, changes: readonly RuleChange[]): string {
  if (!before) return `Policy ${after.id} put in force as version ${after.version}.`;
  const text = changes.map(describeRuleChange).join('; ') || 'only wording changed';
  return text.length <= MAX_SUMMARY
    ? text
    : `${changes.length} rules changed; the versions hold the full text.`;
}
