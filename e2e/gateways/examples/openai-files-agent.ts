/**
 * An agent of the OpenAI Agents SDK that keeps files, each change approved at the console. Give it a model and a gateway;
 * it comes back with its answer, or with its state as text when nobody has decided yet.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, type Model, Runner, RunState, tool } from '@openai/agents';
import { z } from 'zod';
import { createOpenAiApprovals } from '@/lib/gateway/openai-agents';
import type { PendingCalls } from '@/lib/gateway/pending-calls';

export interface FilesAgentOptions {
  calls: PendingCalls;
  model: Model;
  session: string;
  /** How long to wait for people before the state is given back. */
  patienceMs: number;
}

export type FilesAgentResult = { answer: string } | { state: string };

/** Runs the agent on a task, or goes on from a state that an earlier run gave back. */
export async function runFilesAgent(
  options: FilesAgentOptions,
  input: { task: string } | { state: string },
): Promise<FilesAgentResult> {
  const { calls, model, session, patienceMs } = options;
  const approvals = createOpenAiApprovals({
    calls,
    agent: { id: 'files-agent', name: 'Files agent', version: '1.0.0', runtime: 'openai-agents' },
    application: 'files',
    session,
  });
  const write = tool({
    name: 'write_file',
    description: 'Adds to a file.',
    parameters: z.object({ path: z.string(), content: z.string() }),
    ...approvals.guard('write_file', async ({ path, content }: { path: string; content: string }) => {
      await writeFile(path, content, { flag: 'a' });
      return { value: `Wrote ${content.length} characters.` };
    }),
  });
  const read = tool({
    name: 'read_text_file',
    description: 'Reads a file.',
    parameters: z.object({ path: z.string() }),
    ...approvals.guard('read_text_file', async ({ path }: { path: string }) => ({
      value: await readFile(path, 'utf8'),
    })),
  });
  const agent = new Agent({
    name: 'Files agent',
    instructions: 'Keep the files.',
    model,
    tools: [write, read],
  });
  const runner = new Runner({ tracingDisabled: true });
  let result = await runner.run(
    agent,
    'task' in input ? input.task : await RunState.fromString(agent, input.state),
  );
  while (result.interruptions.length > 0) {
    const { waiting } = await approvals.decide(result.state, result.interruptions, { timeoutMs: patienceMs });
    if (waiting > 0) return { state: result.state.toString() };
    result = await runner.run(agent, result.state);
  }
  return { answer: String(result.finalOutput) };
}
