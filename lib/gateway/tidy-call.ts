import type { CallJournal, PendingCall } from './call-journal';
import { type CallStages, NOT_FORWARDED } from './call-stages';
import { type CallClient, endOf } from './guarded-call';

/** An evaluation can be taken to people for less than this: a request that never got an id is forgotten. */
const ASKING_MS = 10 * 60_000;
/** How long an answer is kept for a caller who did not come back for it. */
const KEEP_MS = 24 * 3_600_000;

interface Context {
  client: CallClient;
  journal: CallJournal;
  stages: CallStages;
  graceMs: number;
  now: () => number;
}

/** Looks after one call that nobody waits for: nothing is executed here. */
export async function tidyCall(context: Context, entry: PendingCall): Promise<void> {
  const { journal, stages, now } = context;
  const { stage } = entry;
  switch (stage.name) {
    case 'asking':
      if (now() - entry.askedAtMs >= ASKING_MS) await journal.remove(entry.key);
      return;
    case 'waiting':
    case 'spending':
      return followUp(
        context,
        entry,
        stage.taskId,
        stage.name === 'waiting' ? stage.approvedAtMs : undefined,
      );
    case 'forwarding':
      await stages.closeUnknown(entry);
      return;
    case 'reporting':
      await stages.report(entry, stage.approvalId, stage.outcome);
      return;
    case 'unknown':
    case 'ended':
      if (now() - stage.sinceMs >= KEEP_MS) await journal.remove(entry.key);
  }
}

/** What became of a request whose caller is gone; an approval is given back once it has waited long enough. */
async function followUp(
  { client, journal, stages, graceMs, now }: Context,
  entry: PendingCall,
  taskId: string,
  approvedAtMs: number | undefined,
): Promise<void> {
  const asked = await client.wait(taskId, { timeoutMs: 0 });
  if (!asked.ok) {
    if (asked.problem === 'task_unknown') await journal.remove(entry.key);
    return;
  }
  const task = asked.value;
  if (task.status === 'pending') return;
  if (!task.approval) {
    const ended = endOf(task);
    if (ended.status !== 'superseded')
      await stages.advance(entry, { name: 'ended', ...ended, sinceMs: now() });
    else if (now() - entry.askedAtMs >= KEEP_MS) await journal.remove(entry.key);
    return;
  }
  const sinceMs = approvedAtMs ?? now();
  if (now() >= Math.min(sinceMs + graceMs, Date.parse(task.approval.approvedUntil)))
    await stages.report(entry, task.approval.id, NOT_FORWARDED);
  else if (approvedAtMs === undefined)
    await stages.advance(entry, { name: 'waiting', taskId, approvedAtMs: sinceMs });
}
