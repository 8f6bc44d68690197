import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallJournal, callKey, createMemoryJournal } from '@/lib/gateway/call-journal';
import { formatDecisionBody } from '@/lib/gateway/decision-body';
import type { GuardedCall } from '@/lib/gateway/guarded-call';
import { createPendingCalls, type PendingCalls } from '@/lib/gateway/pending-calls';
import { startTestConsole } from '@/lib/server/testing/test-console';
import type { Action } from '@/lib/tokens/action';
import { AGENT, type GatewaySite, startGatewaySite } from './gateway-site';

await startTestConsole();
let site: GatewaySite;
beforeAll(async () => {
  site = await startGatewaySite();
});
afterAll(() => site.stop());

type Fetch = typeof globalThis.fetch;

/** A gateway process: a client of its own over a journal that may be an earlier one's. */
function startProcess(
  options: { journal?: CallJournal; fetch?: Fetch; graceMs?: number; clock?: () => number } = {},
): { calls: PendingCalls; journal: CallJournal } {
  const { journal = createMemoryJournal(), fetch, graceMs, clock } = options;
  const client = site.open({
    stream: `${site.producer.id}/${randomBytes(6).toString('hex')}`,
    ...(fetch ? { fetch } : {}),
  });
  const calls = createPendingCalls({
    client,
    journal,
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(clock ? { clock } : {}),
  });
  return { calls, journal };
}

function newCall(tool = 'write_file'): GuardedCall {
  const action: Action = {
    subject: { type: 'agent', id: AGENT.id },
    resource: { type: 'mcp_server', id: 'files' },
    action: { name: `files.${tool}`, properties: { path: randomBytes(4).toString('hex') } },
    context: {},
  };
  return {
    session: 'run-7',
    action,
    decision: (evaluation) => formatDecisionBody(AGENT, action, evaluation),
  };
}

let executions = 0;
const execute = async () => {
  executions++;
  return { value: 'done' };
};
async function executionsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = executions;
  await work();
  return executions - before;
}
const NOW = { timeoutMs: 0 };
const LONG = { timeoutMs: 20_000 };

/** Lets requests of one route fail as long as `fails` says so: before the console sees them, or after. */
function failing(path: RegExp, when: 'before' | 'after', fails: () => boolean): Fetch {
  return async (input, init) => {
    const hit = path.test(new URL(String(input)).pathname) && fails();
    if (hit && when === 'before') throw new TypeError('connection refused');
    const response = await fetch(input, init);
    if (hit) throw new TypeError('connection reset');
    return response;
  };
}

/** Asks, and lets a person decide while nobody waits. @returns the task's id */
async function askAndDecide(
  calls: PendingCalls,
  call: GuardedCall,
  verdict: 'approve' | 'deny',
): Promise<string> {
  const asked = await calls.run(call, execute, NOW);
  expect(asked).toMatchObject({ status: 'pending' });
  const id = await site.nextRequest();
  await site.decide(id, verdict);
  return id;
}

describe('callKey', () => {
  it('is SHA-256 over session and digest, as its docstring says', () => {
    const digest = 'A'.repeat(43);
    const expected = createHash('sha256').update(`countersign/call/v1\nrun-7\n${digest}`).digest('base64url');
    expect(callKey('run-7', digest)).toBe(expected);
    expect(callKey('run-7\n', digest)).not.toBe(expected);
  });
});

describe('a restart', () => {
  it.each(['approve', 'deny'] as const)('finds what people said meanwhile: %s', async (verdict) => {
    const call = newCall();
    const first = startProcess();
    await askAndDecide(first.calls, call, verdict);
    const requests = await site.countRequests();
    const second = startProcess({ journal: first.journal });
    const count = await executionsDuring(async () => {
      const expected = verdict === 'approve' ? { status: 'executed', value: 'done' } : { status: 'denied' };
      expect(await second.calls.run(call, execute, LONG)).toMatchObject(expected);
    });
    expect(count).toBe(verdict === 'approve' ? 1 : 0);
    expect(await second.journal.list()).toEqual([]);
    expect(await site.countRequests()).toBe(requests);
  });

  it('another session does not find it', async () => {
    const call = newCall();
    const first = startProcess();
    await askAndDecide(first.calls, call, 'approve');
    const second = startProcess({ journal: first.journal });
    const count = await executionsDuring(async () => {
      const other = { ...call, session: 'run-8' };
      expect(await second.calls.run(other, execute, NOW)).toMatchObject({ status: 'pending' });
      await site.nextRequest();
    });
    expect(count).toBe(0);
  });

  it('a request whose answer was lost is the same request afterwards', async () => {
    const call = newCall();
    let lose = true;
    const first = startProcess({ fetch: failing(/requests$/, 'after', () => lose) });
    expect(await first.calls.run(call, execute, NOW)).toMatchObject({
      status: 'failed',
      failure: { code: 'unreachable' },
    });
    const id = await site.nextRequest();
    lose = false;
    const second = startProcess({ journal: first.journal });
    expect(await second.calls.run(call, execute, NOW)).toMatchObject({ status: 'pending', taskId: id });
  });

  it('dead in the middle of the action, it does not repeat it, tells the console, and tells the caller once', async () => {
    const call = newCall();
    const memory = createMemoryJournal();
    const dying: CallJournal = {
      ...memory,
      put: async (entry) => {
        if (entry.stage.name === 'reporting') throw new Error('the process is gone');
        await memory.put(entry);
      },
    };
    const first = startProcess({ journal: dying });
    await askAndDecide(first.calls, call, 'approve');
    expect(await executionsDuring(() => first.calls.run(call, execute, NOW).catch(() => {}))).toBe(1);
    const second = startProcess({ journal: memory });
    await second.calls.sweep();
    expect((await site.outcomes()).at(-1)).toBe('upstream_error');
    const count = await executionsDuring(async () => {
      expect(await second.calls.run(call, execute, NOW)).toEqual({ status: 'unknown' });
      expect(await second.calls.run(call, execute, NOW)).toMatchObject({ status: 'pending' });
      await site.nextRequest();
    });
    expect(count).toBe(0);
  });
});

describe('nothing is executed, and the approval is given back, when', () => {
  it('the answer to the redemption is lost', async () => {
    const call = newCall();
    const { calls, journal } = startProcess({ fetch: failing(/redeem$/, 'after', () => true) });
    await askAndDecide(calls, call, 'approve');
    const count = await executionsDuring(async () => {
      expect(await calls.run(call, execute, NOW)).toMatchObject({
        status: 'failed',
        failure: { code: 'unreachable' },
      });
    });
    expect(count).toBe(0);
    expect((await site.outcomes()).at(-1)).toBe('not_forwarded');
    expect(await journal.list()).toEqual([]);
  });

  it('the redemption never arrived: nobody can use the approval any more', async () => {
    const call = newCall();
    const { calls } = startProcess({ fetch: failing(/redeem$/, 'before', () => true) });
    const id = await askAndDecide(calls, call, 'approve');
    expect(await calls.run(call, execute, NOW)).toMatchObject({ status: 'failed' });
    expect((await site.outcomes()).at(-1)).toBe('not_forwarded');
    const gateway = site.open({ stream: `${site.producer.id}/x` });
    const task = await gateway.wait(id, NOW);
    if (!task.ok || !task.value.approval) throw new Error('no approval');
    const { id: approvalId, token } = task.value.approval;
    expect(await gateway.redeem({ approvalId, token, action: call.action })).toMatchObject({
      problem: 'revoked',
    });
  });

  it('the caller gives up between the redemption and the action', async () => {
    const call = newCall();
    const controller = new AbortController();
    const giveUp: Fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).endsWith('/redeem')) controller.abort();
      return response;
    };
    const { calls } = startProcess({ fetch: giveUp });
    await askAndDecide(calls, call, 'approve');
    const count = await executionsDuring(async () => {
      expect(await calls.run(call, execute, { ...NOW, signal: controller.signal })).toMatchObject({
        failure: { code: 'aborted' },
      });
    });
    expect(count).toBe(0);
    expect((await site.outcomes()).at(-1)).toBe('not_forwarded');
  });
});

describe('what the console cannot do now', () => {
  it('a withheld redemption spends nothing: the same call succeeds later', async () => {
    const call = newCall();
    let withheld = true;
    const busy: Fetch = async (input, init) =>
      withheld && String(input).endsWith('/redeem')
        ? Response.json({ code: 'log_unwitnessed' }, { status: 503 })
        : fetch(input, init);
    const { calls } = startProcess({ fetch: busy });
    await askAndDecide(calls, call, 'approve');
    expect(await calls.run(call, execute, NOW)).toMatchObject({ failure: { problem: 'log_unwitnessed' } });
    withheld = false;
    expect(await calls.run(call, execute, NOW)).toMatchObject({ status: 'executed' });
  });

  it('an outcome that it was not told is told later, once, and never as another one', async () => {
    const call = newCall();
    let down = true;
    const { calls, journal } = startProcess({ fetch: failing(/outcome$/, 'before', () => down) });
    await askAndDecide(calls, call, 'approve');
    expect(await calls.run(call, execute, NOW)).toMatchObject({
      status: 'executed',
      unreported: { code: 'unreachable' },
    });
    const told = (await site.outcomes()).length;
    await calls.sweep();
    expect((await site.outcomes()).length).toBe(told);
    down = false;
    await calls.sweep();
    await calls.sweep();
    expect((await site.outcomes()).slice(told)).toEqual(['forwarded']);
    expect(await journal.list()).toEqual([]);
  });
});

describe('a caller who is gone', () => {
  it('who comes back within the time finds the approval; afterwards it was given back', async () => {
    let nowMs = Date.now();
    const { calls, journal } = startProcess({ graceMs: 60_000, clock: () => nowMs });
    const kept = newCall();
    await askAndDecide(calls, kept, 'approve');
    await calls.sweep();
    nowMs += 59_000;
    await calls.sweep();
    expect(await journal.list()).toHaveLength(1);
    expect(await calls.run(kept, execute, NOW)).toMatchObject({ status: 'executed' });

    const late = newCall();
    await askAndDecide(calls, late, 'approve');
    await calls.sweep();
    nowMs += 61_000;
    const told = (await site.outcomes()).length;
    const count = await executionsDuring(() => calls.sweep());
    expect(count).toBe(0);
    expect((await site.outcomes()).slice(told)).toEqual(['not_forwarded']);
    expect(await journal.list()).toEqual([]);
  });

  it('finds a denial for a day, and nobody is asked again meanwhile', async () => {
    let nowMs = Date.now();
    const { calls, journal } = startProcess({ clock: () => nowMs });
    const call = newCall();
    await askAndDecide(calls, call, 'deny');
    await calls.sweep();
    nowMs += 23 * 3_600_000;
    await calls.sweep();
    const requests = await site.countRequests();
    expect(await calls.run(call, execute, NOW)).toMatchObject({
      status: 'denied',
      reasonCode: 'looks-manipulated',
    });
    expect(await site.countRequests()).toBe(requests);

    const forgotten = newCall();
    await askAndDecide(calls, forgotten, 'deny');
    await calls.sweep();
    nowMs += 25 * 3_600_000;
    await calls.sweep();
    expect(await journal.list()).toEqual([]);
  });

  it('whose request was withdrawn is told so, which is no denial', async () => {
    const { calls } = startProcess();
    const call = newCall();
    await calls.run(call, execute, NOW);
    const id = await site.nextRequest();
    expect(await site.open({ stream: `${site.producer.id}/y` }).cancel(id)).toMatchObject({ ok: true });
    const count = await executionsDuring(async () => {
      expect(await calls.run(call, execute, NOW)).toEqual({ status: 'cancelled', reasonCode: null });
    });
    expect(count).toBe(0);
  });
});

describe('one call', () => {
  it('is under way once, however often it is asked for at the same time', async () => {
    const { calls } = startProcess();
    const call = newCall();
    const results = Promise.all(Array.from({ length: 20 }, () => calls.run(call, execute, LONG)));
    const count = await executionsDuring(async () => {
      await site.decide(await site.nextRequest(), 'approve');
      const statuses = (await results).map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array.from({ length: 19 }, () => 'busy'), 'executed']);
    });
    expect(count).toBe(1);
  });

  it('that the policy allows is asked for and executed each time anew', async () => {
    const { calls } = startProcess();
    const call = newCall('read_text_file');
    const count = await executionsDuring(async () => {
      for (let n = 0; n < 2; n++)
        expect(await calls.run(call, execute, NOW)).toMatchObject({ status: 'executed' });
    });
    expect(count).toBe(2);
  });

  it('allowed at its beginning is executed once by that verdict', async () => {
    const { calls } = startProcess();
    const call = newCall('read_text_file');
    expect(await calls.begin(call)).toEqual({ status: 'allowed' });
    const decisions = (await site.recorded('decision')).length;
    expect(await calls.begin(call)).toEqual({ status: 'allowed' });
    expect(await calls.perform(call, execute)).toMatchObject({ status: 'executed' });
    expect((await site.recorded('decision')).length).toBe(decisions);
  });

  it('that cannot be hashed is refused before anybody is asked', async () => {
    const { calls } = startProcess({ fetch: () => Promise.reject(new Error('asked')) });
    const call = newCall();
    call.action.action.properties = { amount: 0.5 };
    expect(await calls.run(call, execute, NOW)).toMatchObject({ failure: { code: 'action_invalid' } });
  });
});
