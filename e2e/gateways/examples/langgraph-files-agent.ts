/** A LangGraph.js agent that keeps files, each change approved at the console; its state lives in the checkpointer. */
import { readFile, writeFile } from 'node:fs/promises';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage } from '@langchain/core/messages';
import { type ToolRuntime, tool } from '@langchain/core/tools';
import {
  type BaseCheckpointSaver,
  END,
  interrupt,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { z } from 'zod';
import { createLangGraphApprovals } from '@/lib/gateway/langgraph';
import type { PendingCalls } from '@/lib/gateway/pending-calls';

/** The compiled graph. Invoke it with a thread id; where `__interrupt__` comes back, wait for that task and resume. */
export function createFilesGraph(options: {
  calls: PendingCalls;
  model: BaseChatModel;
  checkpointer: BaseCheckpointSaver;
}) {
  const { calls, model, checkpointer } = options;
  const approvals = createLangGraphApprovals({
    calls,
    agent: { id: 'files-agent', name: 'Files agent', version: '1.0.0', runtime: 'langgraph' },
    application: 'files',
    interrupt,
  });
  const callOf = (runtime: ToolRuntime, name: string, input: Record<string, string>) => ({
    session: String(runtime.config.configurable?.thread_id),
    callId: runtime.toolCallId,
    tool: name,
    input,
  });
  const write = tool(
    (input: { path: string; content: string }, runtime: ToolRuntime) =>
      approvals.guard(callOf(runtime, 'write_file', input), async () => {
        await writeFile(input.path, input.content, { flag: 'a' });
        return { value: `Wrote ${input.content.length} characters.` };
      }),
    {
      name: 'write_file',
      description: 'Adds to a file.',
      schema: z.object({ path: z.string(), content: z.string() }),
    },
  );
  const read = tool(
    (input: { path: string }, runtime: ToolRuntime) =>
      approvals.guard(callOf(runtime, 'read_text_file', input), async () => ({
        value: await readFile(input.path, 'utf8'),
      })),
    { name: 'read_text_file', description: 'Reads a file.', schema: z.object({ path: z.string() }) },
  );
  return new StateGraph(MessagesAnnotation)
    .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('tools', new ToolNode([write, read]))
    .addEdge(START, 'model')
    .addConditionalEdges('model', ({ messages }) => {
      const last = messages.at(-1);
      return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? 'tools' : END;
    })
    .addEdge('tools', 'model')
    .compile({ checkpointer });
}
