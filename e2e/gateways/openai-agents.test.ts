import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Model, type ModelRequest, type ModelResponse, Usage } from '@openai/agents';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CallJournal, createMemoryJournal } from '@/lib/gateway/call-journal';
import { createOpenAiApprovals } from '@/lib/gateway/openai-agents';
import { createPendingCalls } from '@/lib/gateway/pending-calls';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { type FilesAgentOptions, runFilesAgent } from './examples/openai-files-agent';
import { type GatewaySite, startGatewaySite } from './gateway-site';

await startTestConsole();
let site: GatewaySite;
let folder: string;
beforeAll(async () => {
  site = await startGatewaySite();
});
afterAll(() => site.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-openai-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Step = { tool: string; input: Record<string, string> } | { say: string };

/** A model of the SDK's own interface that says what it is told to, and keeps what it was asked. */
class ScriptedModel implements Model {
  readonly requests: ModelRequest[] = [];
  constructor(private readonly steps: Step[]) {}
  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    this.requests.push(request);
    const step = this.steps.shift();
    if (!step) throw new Error('The script is over.');
    const usage = new Usage();
    if ('say' in step) {
      return {
        usage,
        output: [
          {
            type: 'message',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: step.say }],
          },
        ],
      };
    }
    const callId = `call_${this.requests.length}_${folder.slice(-6)}`;
    const call = {
      callId,
      name: step.tool,
      arguments: JSON.stringify(step.input),
      status: 'completed',
    } as const;
    return { usage, output: [{ type: 'function_call', ...call }] };
  }
  // biome-ignore lint/correctness/useYield: the SDK's interface has it; nothing here streams.
  async *getStreamedResponse(): AsyncGenerator<never> {
    throw new Error('Nothing here streams.');
  }
  /** What the tools answered, as the model saw it. */
  get heard(): string {
    return JSON.stringify(this.requests.map(({ input }) => input));
  }
}

function agentWith(steps: Step[], journal: CallJournal = createMemoryJournal(), patienceMs = 20_000) {
  const model = new ScriptedModel(steps);
  const stream = `${site.producer.id}/${randomBytes(6).toString('hex')}`;
  const calls = createPendingCalls({ client: site.open({ stream }), journal });
  const options: FilesAgentOptions = { calls, model, session: `run-${folder.slice(-6)}`, patienceMs };
  return { model, options };
}
const file = (name: string) => join(folder, name);
const writing = (content: string): Step => ({ tool: 'write_file', input: { path: file('a.txt'), content } });
const done: Step = { say: 'Done.' };

describe('an agent of the OpenAI Agents SDK', () => {
  it('runs what the policy allows without anybody', async () => {
    writeFileSync(file('a.txt'), 'as it was');
    const requests = await site.countRequests();
    const { model, options } = agentWith([{ tool: 'read_text_file', input: { path: file('a.txt') } }, done]);
    expect(await runFilesAgent(options, { task: 'Read it.' })).toEqual({ answer: 'Done.' });
    expect(model.heard).toContain('as it was');
    expect(await site.countRequests()).toBe(requests);
  });

  it('is interrupted until a person approves, and writes once', async () => {
    const redeemed = await site.redemptions();
    const { model, options } = agentWith([writing('approved'), done]);
    const running = runFilesAgent(options, { task: 'Write it.' });
    const id = await site.nextRequest();
    expect(existsSync(file('a.txt'))).toBe(false);
    await site.decide(id, 'approve');
    expect(await running).toEqual({ answer: 'Done.' });
    expect(readFileSync(file('a.txt'), 'utf8')).toBe('approved');
    expect(model.heard).toContain('Wrote 8 characters.');
    expect(await site.redemptions()).toBe(redeemed + 1);
    expect((await site.outcomes()).at(-1)).toBe('forwarded');
  });

  it('hears the reason of a denial, and nothing of the policy', async () => {
    const { model, options } = agentWith([writing('denied'), done]);
    const running = runFilesAgent(options, { task: 'Write it.' });
    await site.decide(await site.nextRequest(), 'deny');
    await running;
    expect(model.heard).toContain('A reviewer denied this (looks-manipulated).');
    expect(model.heard).not.toMatch(/secret-rule|Asha|esc_|never used before/);
    expect(existsSync(file('a.txt'))).toBe(false);
  });

  it('hears that a tool is not permitted, without anybody being asked', async () => {
    const requests = await site.countRequests();
    const { options } = agentWith([]);
    const approvals = createOpenAiApprovals({
      ...options,
      agent: { id: 'files-agent', name: 'Files agent', version: '1.0.0' },
      application: 'files',
    });
    const { needsApproval, execute } = approvals.guard('delete_file', async () => {
      throw new Error('executed');
    });
    expect(await needsApproval({}, { path: 'x' }, 'call_1')).toBe(true);
    expect(await execute({ path: 'x' }, {}, { toolCall: { callId: 'call_1' } })).toBe(
      'Not permitted. Approval cannot be asked for. Nothing was executed.',
    );
    expect(await site.countRequests()).toBe(requests);
  });

  it('saved while nobody had decided, it goes on in another process with the same approval', async () => {
    const journal = createMemoryJournal();
    const first = agentWith([writing('later')], journal, 0);
    const saved = await runFilesAgent(first.options, { task: 'Write it.' });
    if (!('state' in saved)) throw new Error('not interrupted');
    const id = await site.nextRequest();
    const requests = await site.countRequests();
    await site.decide(id, 'approve');
    const second = agentWith([done], journal);
    expect(await runFilesAgent(second.options, saved)).toEqual({ answer: 'Done.' });
    expect(readFileSync(file('a.txt'), 'utf8')).toBe('later');
    expect(await site.countRequests()).toBe(requests);
  });

  it('a saved state whose arguments were changed afterwards finds no approval and writes nothing', async () => {
    const journal = createMemoryJournal();
    const first = agentWith([writing('approved words')], journal, 0);
    const saved = await runFilesAgent(first.options, { task: 'Write it.' });
    if (!('state' in saved)) throw new Error('not interrupted');
    await site.decide(await site.nextRequest(), 'approve');
    const forged = saved.state.replaceAll('approved words', 'forged words!!');
    expect(forged).not.toBe(saved.state);
    const requests = await site.countRequests();
    const second = agentWith([done], journal, 0);
    expect(await runFilesAgent(second.options, { state: forged })).toHaveProperty('state');
    expect(await site.countRequests()).toBe(requests + 1);
    expect(existsSync(file('a.txt'))).toBe(false);
    await site.nextRequest();
  });

  it('approved in the framework alone, without a person, it writes nothing', async () => {
    const { options } = agentWith([]);
    const approvals = createOpenAiApprovals({
      ...options,
      agent: { id: 'files-agent', name: 'Files agent', version: '1.0.0' },
      application: 'files',
    });
    let executed = 0;
    const { needsApproval, execute } = approvals.guard('write_file', async () => {
      executed++;
      return { value: 'written' };
    });
    const input = { path: file('a.txt'), content: 'x' };
    expect(await needsApproval({}, input, 'call_2')).toBe(true);
    expect(await execute(input, {}, { toolCall: { callId: 'call_2' } })).toMatch(/nobody has decided yet/);
    expect(executed).toBe(0);
    await site.nextRequest();
  });
});
