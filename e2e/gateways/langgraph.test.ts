import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { Command, MemorySaver } from '@langchain/langgraph';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CallJournal, createMemoryJournal } from '@/lib/gateway/call-journal';
import { isApprovalInterrupt } from '@/lib/gateway/langgraph';
import { createPendingCalls } from '@/lib/gateway/pending-calls';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createFilesGraph } from './examples/langgraph-files-agent';
import { type GatewaySite, startGatewaySite } from './gateway-site';

await startTestConsole();
let site: GatewaySite;
let folder: string;
beforeAll(async () => {
  site = await startGatewaySite();
});
afterAll(() => site.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-langgraph-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A chat model of LangChain's own interface that says what it is told to. */
class ScriptedChatModel extends BaseChatModel {
  constructor(private readonly steps: AIMessage[]) {
    super({});
  }
  _llmType(): string {
    return 'scripted';
  }
  async _generate(): Promise<ChatResult> {
    const message = this.steps.shift();
    if (!message) throw new Error('The script is over.');
    return { generations: [{ text: String(message.content), message }] };
  }
}

const writing = (content: string): AIMessage =>
  new AIMessage({
    content: '',
    tool_calls: [
      { id: `call_${content.length}`, name: 'write_file', args: { path: join(folder, 'a.txt'), content } },
    ],
  });
const done = () => new AIMessage('Done.');

function graphWith(
  steps: AIMessage[],
  kept: { journal: CallJournal; checkpointer: MemorySaver } = {
    journal: createMemoryJournal(),
    checkpointer: new MemorySaver(),
  },
) {
  const stream = `${site.producer.id}/${randomBytes(6).toString('hex')}`;
  const client = site.open({ stream });
  const calls = createPendingCalls({ client, journal: kept.journal });
  const graph = createFilesGraph({
    calls,
    model: new ScriptedChatModel(steps),
    checkpointer: kept.checkpointer,
  });
  return { graph, client, kept, config: { configurable: { thread_id: `thread-${folder.slice(-6)}` } } };
}
const task = { messages: [new HumanMessage('Write it.')] };
const lastTool = (state: { messages: BaseMessage[] }) =>
  String(state.messages.findLast((message) => message.getType() === 'tool')?.content);
const waitsFor = (state: unknown): string => {
  const [first] = (state as { __interrupt__?: { value?: unknown }[] }).__interrupt__ ?? [];
  if (!isApprovalInterrupt(first?.value)) throw new Error('not interrupted');
  return first.value.taskId;
};

describe('a LangGraph.js agent', () => {
  it('is interrupted until a person approves, and writes once', async () => {
    const { graph, client, config } = graphWith([writing('approved'), done()]);
    const redeemed = await site.redemptions();
    const taskId = waitsFor(await graph.invoke(task, config));
    expect(await site.nextRequest()).toBe(taskId);
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
    await site.decide(taskId, 'approve');
    expect(await client.wait(taskId, { timeoutMs: 10_000 })).toMatchObject({ value: { status: 'approved' } });
    const end = await graph.invoke(new Command({ resume: true }), config);
    expect(end.messages.at(-1)?.content).toBe('Done.');
    expect(lastTool(end)).toBe('Wrote 8 characters.');
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('approved');
    expect(await site.redemptions()).toBe(redeemed + 1);
    expect((await site.outcomes()).at(-1)).toBe('forwarded');
  });

  it('hears the reason of a denial, and nothing of the policy', async () => {
    const { graph, config } = graphWith([writing('denied'), done()]);
    const taskId = waitsFor(await graph.invoke(task, config));
    await site.decide(await site.nextRequest(), 'deny');
    const end = await graph.invoke(new Command({ resume: true }), config);
    expect(lastTool(end)).toBe(
      'A reviewer denied this (looks-manipulated). It looks as if the agent was manipulated. Nothing was executed.',
    );
    expect(JSON.stringify(end)).not.toMatch(new RegExp(`secret-rule|Asha|${taskId}`));
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
  });

  it('resumed with "approved" by somebody else, it is interrupted again and writes nothing', async () => {
    const { graph, config } = graphWith([writing('forged'), done()]);
    const taskId = waitsFor(await graph.invoke(task, config));
    await site.nextRequest();
    const resume = { approved: true, status: 'approved', taskId };
    expect(waitsFor(await graph.invoke(new Command({ resume }), config))).toBe(taskId);
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
    await site.decide(taskId, 'approve');
    const end = await graph.invoke(new Command({ resume: true }), config);
    expect(lastTool(end)).toBe('Wrote 6 characters.');
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('forged');
  });

  it('goes on in another process from its checkpoint and its journal, without asking again', async () => {
    const first = graphWith([writing('kept')]);
    const taskId = waitsFor(await first.graph.invoke(task, first.config));
    await site.nextRequest();
    const requests = await site.countRequests();
    await site.decide(taskId, 'approve');
    const second = graphWith([done()], first.kept);
    const end = await second.graph.invoke(new Command({ resume: true }), second.config);
    expect(lastTool(end)).toBe('Wrote 4 characters.');
    expect(await site.countRequests()).toBe(requests);
  });
});
