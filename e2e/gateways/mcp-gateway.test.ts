import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { type GatewaySite, startGatewaySite, writeGatewayFiles } from './gateway-site';
import { FILE_SERVER, type McpAgent, startMcpAgent } from './mcp-agent';

await startTestConsole();
let site: GatewaySite;
let operator: ReturnType<typeof writeGatewayFiles>;
const agents: McpAgent[] = [];

beforeAll(async () => {
  site = await startGatewaySite();
});
afterAll(() => site.stop());
beforeEach(() => {
  operator = writeGatewayFiles(site);
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.kill();
  operator.remove();
});

async function startAgent(config = operator.config): Promise<McpAgent> {
  const agent = await startMcpAgent(config, [...FILE_SERVER, operator.files]);
  agents.push(agent);
  return agent;
}

const pathOf = (name: string) => join(operator.files, name);
const write = (agent: McpAgent, name: string, content: string, options = {}) =>
  agent.client.callTool({ name: 'write_file', arguments: { path: pathOf(name), content } }, undefined, {
    onprogress: () => {},
    timeout: 30_000,
    ...options,
  });
const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content.map(({ text }) => text).join('\n');
/** Calls in the gateway's memory; what is still being written beside them does not count after a crash. */
const waitingCalls = () =>
  readdirSync(join(operator.directory, 'calls')).filter((name) => name.endsWith('.json'));
/** Killed before it has noted which request is its own, a gateway cannot look after it: the console knew it a moment before. */
function isKept(taskId: string): boolean {
  return waitingCalls().some((name) => {
    const path = join(operator.directory, 'calls', name);
    return existsSync(path) && readFileSync(path, 'utf8').includes(taskId);
  });
}
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 25));
}

describe('countersign gateway before the official file system server', () => {
  it('tells of tools that calls may need approval, and lets the policy allow what is harmless', async () => {
    const agent = await startAgent();
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toContain('write_file');
    for (const tool of tools) expect(tool.description).toMatch(/may wait for a person to approve/);
    writeFileSync(pathOf('note.txt'), 'as it was');
    const before = await site.countRequests();
    const read = await agent.client.callTool({
      name: 'read_text_file',
      arguments: { path: pathOf('note.txt') },
    });
    expect(textOf(read)).toBe('as it was');
    expect(await site.countRequests()).toBe(before);
    const decisions = await site.recorded('decision');
    expect(decisions.at(-1)).toMatchObject({
      identity: { agent: { id: 'files-agent' }, session_id: 'run-7' },
      output: { action: { name: 'files.read_text_file' }, outcome: { verdict: 'allow' } },
    });
    expect(JSON.stringify(decisions.at(-1))).not.toContain('note.txt');
    expect(await agent.stop()).toBe(0);
  });

  it('a change waits for the console, with progress, and the approved one runs exactly once', async () => {
    const agent = await startAgent();
    const redeemed = await site.redemptions();
    const heard: number[] = [];
    const writing = write(agent, 'plan.txt', 'approved', {
      onprogress: ({ progress }: { progress: number }) => heard.push(progress),
      timeout: 1_500,
      resetTimeoutOnProgress: true,
    });
    const id = await site.nextRequest();
    await until(() => heard.length >= 3);
    expect(existsSync(pathOf('plan.txt'))).toBe(false);
    await site.decide(id, 'approve');
    expect(textOf(await writing)).toContain('Successfully wrote');
    expect(readFileSync(pathOf('plan.txt'), 'utf8')).toBe('approved');
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
    expect(await site.redemptions()).toBe(redeemed + 1);
    expect((await site.outcomes()).at(-1)).toBe('forwarded');
    expect(waitingCalls()).toEqual([]);

    // The same call again is another action: the spent approval does not cover it.
    writeFileSync(pathOf('plan.txt'), 'changed since');
    const again = write(agent, 'plan.txt', 'approved');
    const second = await site.nextRequest();
    expect(readFileSync(pathOf('plan.txt'), 'utf8')).toBe('changed since');
    await site.decide(second, 'deny');
    expect(await again).toMatchObject({ isError: true });
  });

  it('names what a call created by the place that the operator gave', async () => {
    operator.remove();
    const downstream = { write_file: { system: 'files', type: 'file', id: ['arguments', 'path'] } };
    operator = writeGatewayFiles(site, { downstream });
    const agent = await startAgent();
    const writing = write(agent, 'named.txt', 'x');
    await site.decide(await site.nextRequest(), 'approve');
    await writing;
    const outcomes = await site.recorded('action.outcome');
    expect(outcomes.at(-1)).toMatchObject({
      state: 'forwarded',
      downstream: [{ system: 'files', type: 'file', id: pathOf('named.txt') }],
    });
  });

  it('a denied change returns the reviewer’s reason, and nothing of policy, rule, threshold or person', async () => {
    const agent = await startAgent();
    const writing = write(agent, 'denied.txt', 'no');
    await site.decide(await site.nextRequest(), 'deny');
    const result = await writing;
    expect(result).toMatchObject({ isError: true, _meta: { 'countersign/outcome': 'denied' } });
    expect(textOf(result)).toBe(
      'A reviewer denied this (looks-manipulated). It looks as if the agent was manipulated. Nothing was executed.',
    );
    for (const line of agent.lines)
      expect(line).not.toMatch(/secret-rule|threshold|Asha|never used before|files-policy|esc_|sha-256/);
    expect(existsSync(pathOf('denied.txt'))).toBe(false);
  });

  it('what no grant covers is refused without saying why', async () => {
    const agent = await startAgent();
    const result = await agent.client.callTool({
      name: 'create_directory',
      arguments: { path: pathOf('folder') },
    });
    expect(result).toMatchObject({ isError: true, _meta: { 'countersign/outcome': 'not_permitted' } });
    expect(textOf(result)).toBe('Not permitted. Approval cannot be asked for. Nothing was executed.');
    expect(existsSync(pathOf('folder'))).toBe(false);
  });

  it('patience that ends is no approval: the same call later continues the same request', async () => {
    operator.remove();
    operator = writeGatewayFiles(site, { waitWithoutProgressSeconds: 0.2 });
    const agent = await startAgent();
    const call = { name: 'write_file', arguments: { path: pathOf('slow.txt'), content: 'slow' } };
    const first = await agent.client.callTool(call);
    expect(first).toMatchObject({ isError: true, _meta: { 'countersign/outcome': 'pending' } });
    expect(existsSync(pathOf('slow.txt'))).toBe(false);
    const id = await site.nextRequest();
    const requests = await site.countRequests();
    const second = agent.client.callTool(call);
    await site.decide(id, 'approve');
    const done = await second;
    const last = (done as { isError?: boolean }).isError ? await agent.client.callTool(call) : done;
    expect(textOf(last)).toContain('Successfully wrote');
    expect(await site.countRequests()).toBe(requests);
  });

  it('an answer of the file system that says it failed is given to the agent, and reported as failed', async () => {
    const agent = await startAgent();
    const moving = agent.client.callTool({
      name: 'move_file',
      arguments: { source: pathOf('absent'), destination: pathOf('there') },
    });
    await site.decide(await site.nextRequest(), 'approve');
    expect(await moving).toMatchObject({ isError: true });
    await until(async () => (await site.outcomes()).at(-1) === 'upstream_error');
  });
});

describe('killed with an approval pending', () => {
  it('the same call after a restart finds its approval, and runs once', async () => {
    const first = await startAgent();
    void write(first, 'kept.txt', 'kept').catch(() => {});
    const id = await site.nextRequest();
    await until(() => isKept(id));
    await first.kill();
    await site.decide(id, 'approve');
    const requests = await site.countRequests();
    const redeemed = await site.redemptions();
    const second = await startAgent();
    expect(textOf(await write(second, 'kept.txt', 'kept'))).toContain('Successfully wrote');
    expect(readFileSync(pathOf('kept.txt'), 'utf8')).toBe('kept');
    expect(await site.countRequests()).toBe(requests);
    expect(await site.redemptions()).toBe(redeemed + 1);
  });

  it('other arguments do not find it: they ask anew', async () => {
    const first = await startAgent();
    void write(first, 'a.txt', 'approved words').catch(() => {});
    const id = await site.nextRequest();
    await until(() => isKept(id));
    await first.kill();
    await site.decide(id, 'approve');
    const second = await startAgent();
    const other = write(second, 'a.txt', 'other words');
    const asked = await site.nextRequest();
    expect(existsSync(pathOf('a.txt'))).toBe(false);
    await site.decide(asked, 'deny');
    expect(await other).toMatchObject({ isError: true });
    expect(existsSync(pathOf('a.txt'))).toBe(false);
  });

  it('an approval whose agent never comes back is reported as not forwarded, and can never be used', async () => {
    operator.remove();
    operator = writeGatewayFiles(site, { graceSeconds: 0.3 });
    const first = await startAgent();
    void write(first, 'late.txt', 'late').catch(() => {});
    const id = await site.nextRequest();
    await until(() => isKept(id));
    await first.kill();
    await site.decide(id, 'approve');
    const before = await site.outcomes();
    const redeemed = await site.redemptions();
    const second = await startAgent();
    await until(async () => (await site.outcomes()).length > before.length);
    expect((await site.outcomes()).at(-1)).toBe('not_forwarded');
    await until(() => waitingCalls().length === 0);
    expect(existsSync(pathOf('late.txt'))).toBe(false);
    const task = await site.open().wait(id, { timeoutMs: 0 });
    if (!task.ok || !task.value.approval) throw new Error('no approval');
    const asked = write(second, 'late.txt', 'late');
    const anew = await site.nextRequest();
    expect(anew).not.toBe(id);
    await site.decide(anew, 'deny');
    expect(await asked).toMatchObject({ isError: true });
    expect(await site.redemptions()).toBe(redeemed);
  });

  it('a call that its agent cancelled is not executed when the approval comes', async () => {
    operator.remove();
    operator = writeGatewayFiles(site, { graceSeconds: 0.3 });
    const agent = await startAgent();
    const controller = new AbortController();
    const writing = write(agent, 'gone.txt', 'gone', { signal: controller.signal });
    const id = await site.nextRequest();
    controller.abort();
    await expect(writing).rejects.toThrow();
    const before = await site.outcomes();
    await site.decide(id, 'approve');
    await until(async () => (await site.outcomes()).length > before.length);
    expect((await site.outcomes()).at(-1)).toBe('not_forwarded');
    expect(existsSync(pathOf('gone.txt'))).toBe(false);
  });

  it('a second gateway over the same memory does not start', async () => {
    await startAgent();
    const second = await startMcpAgent(operator.config, [...FILE_SERVER, operator.files], { connect: false });
    agents.push(second);
    await until(() => second.child.exitCode !== null);
    expect(second.child.exitCode).toBe(1);
    expect(second.errors()).toMatch(/in use by another gateway/);
  });
});
