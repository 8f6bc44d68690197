import { randomUUID } from 'node:crypto';
import { parseId } from '@/lib/core/id';
import { inTransaction } from '../database/transaction';
import type { ErrorCode } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { type JournalEntry, openJournal } from '../records/journal';
import { sharedSingleton } from '../shared-singleton';

/** Refusals that speak of tampering or replay; the others are the perimeter's ordinary work. */
const SUSPICIOUS: ReadonlySet<ErrorCode> = new Set([
  'signature_invalid',
  'audience_mismatch',
  'already_redeemed',
  'action_mismatch',
  'record_unverifiable',
]);

const MAX_GROUP = 100;

interface Waiting {
  entry: JournalEntry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** What waits to be journalled, by tenant; present while somebody is draining it. */
const queues = () => sharedSingleton('refused-redemptions', () => new Map<string, Waiting[]>());

/**
 * Journals a suspicious refusal as an `incident` of the caller's tenant, and returns once that is durable. Refusals that
 * wait together are committed together: a flood of replays must not keep the tenant's journal from everybody else.
 */
export async function recordRefusedRedemption(
  caller: ProducerCaller,
  refused: { approvalId: string; code: ErrorCode; detail?: string | undefined; nowMs: number },
): Promise<void> {
  if (!SUSPICIOUS.has(refused.code)) return;
  const approval = parseId(refused.approvalId, 'apr').ok ? refused.approvalId : null;
  await enqueue({
    tenant: caller.tenant,
    kind: 'incident',
    id: `incident:${refused.code}:${approval ?? 'unknown'}:${randomUUID()}`,
    body: {
      code: refused.code,
      detail: refused.detail,
      gateway: caller.producerId,
      approval_id: approval ?? undefined,
    },
    occurredAtMs: refused.nowMs,
  });
}

function enqueue(entry: JournalEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = queues().get(entry.tenant);
    if (waiting) {
      waiting.push({ entry, resolve, reject });
      return;
    }
    queues().set(entry.tenant, [{ entry, resolve, reject }]);
    void drain(entry.tenant);
  });
}

async function drain(tenant: string): Promise<void> {
  const waiting = queues().get(tenant) ?? [];
  while (waiting.length > 0) {
    const group = waiting.splice(0, MAX_GROUP);
    try {
      await inTransaction(async (tx) => {
        const journal = await openJournal(tx, tenant);
        for (const { entry } of group) journal.enter(entry);
        await journal.write();
      });
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
  queues().delete(tenant);
}
