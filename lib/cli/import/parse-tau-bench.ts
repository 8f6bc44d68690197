/** tau-bench runs: a JSON array of `{task_id, trial, traj, info.task.actions}`; tool arguments are JSON text. */
import { z } from 'zod';
import { toExactJson } from './to-exact-json';
import type { TraceCall, TraceRun } from './trace-run';

const run = z.object({
  task_id: z.number(),
  trial: z.number(),
  info: z.object({
    task: z.object({ actions: z.array(z.object({ name: z.string(), kwargs: z.unknown() })) }),
  }),
  traj: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      content: z.string().nullish(),
      tool_calls: z
        .array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))
        .nullish(),
      name: z.string().nullish(),
    }),
  ),
});

/** @throws Error naming the run that cannot be read */
export function parseTauBench(text: string, fileName: string): { runs: TraceRun[] } {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error(`${fileName} is not a JSON array of runs.`);
  const runs = list.map((item, index): TraceRun => {
    const parsed = run.safeParse(item);
    if (!parsed.success) throw new Error(`${fileName}, run ${index}: ${parsed.error.issues[0]?.message}`);
    const { traj, info, task_id, trial } = parsed.data;
    const seen: TraceCall['seen'] = [];
    const calls: TraceCall[] = [];
    const asked: string[] = [];
    for (const message of traj) {
      if (message.role === 'user' && message.content) asked.push(message.content);
      if (message.role === 'tool') seen.push({ tool: message.name ?? 'tool', text: message.content ?? '' });
      for (const call of message.tool_calls ?? []) {
        calls.push({
          name: call.function.name,
          ...toExactJson(call.function.arguments),
          seen: [...seen],
          said: message.content ?? null,
        });
      }
    }
    return {
      key: `${fileName}:task-${task_id}-trial-${trial}-${index}`,
      suite: 'airline',
      model: fileName.startsWith('gpt-4o') ? 'gpt-4o' : 'unknown',
      asked: asked.join('\n'),
      attack: null,
      calls,
      groundTruth: info.task.actions.map((action) => ({
        name: action.name,
        args: toExactJson(action.kwargs).args,
      })),
    };
  });
  return { runs };
}
