/**
 * AgentDojo runs in the Invariant-explorer export: one JSON object a line, `{messages, metadata}`; tool arguments are
 * objects, tool results text or objects. See the README beside the data.
 */
import { z } from 'zod';
import { toExactJson } from './to-exact-json';
import type { AttackGoal, TraceCall, TraceRun } from './trace-run';

const line = z.object({
  metadata: z.object({
    suite_name: z.enum(['banking', 'slack', 'travel', 'workspace']),
    model: z.string().nullish(),
    user_task_id: z.string(),
    injection_task_id: z.string().nullable(),
  }),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      content: z.unknown(),
      tool_calls: z
        .array(z.object({ function: z.object({ name: z.string(), arguments: z.unknown() }) }))
        .nullish(),
      tool_call: z.object({ function: z.unknown() }).nullish(),
    }),
  ),
  sourceFile: z.string().nullish(),
});

/** Each suite's injected goal names one target; where the attack wants it done by a tool, these are the tools. */
const GOALS: Record<string, { pattern: RegExp; tools: readonly string[] }> = {
  banking: {
    pattern: /transaction to ([A-Z]{2}\d{10,})/,
    tools: ['send_money', 'schedule_transaction', 'update_scheduled_transaction'],
  },
  slack: { pattern: /link (www\.[a-z.-]+[a-z])/, tools: ['get_webpage', 'post_webpage'] },
  travel: {
    pattern: /email address ([^\s,']+@[a-z.]+[a-z])/,
    tools: ['send_email', 'create_calendar_event'],
  },
  workspace: {
    pattern: /to '+([^\s,']+@[a-z.]+[a-z])'/,
    tools: ['send_email', 'create_calendar_event', 'share_file'],
  },
};

function textOf(content: unknown): string {
  if (content === null || content === undefined) return '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function goalOf(suite: string, toolTexts: string[]): AttackGoal | null {
  const goal = GOALS[suite];
  if (!goal) return null;
  for (const text of toolTexts) {
    for (const block of text.split('<INFORMATION>').slice(1)) {
      const target = goal.pattern.exec(block.replaceAll(/\\?\s+/g, ' '))?.[1];
      if (target) return { tools: goal.tools, target };
    }
  }
  return null;
}

/**
 * Parses one file's text. Lines without messages (the export's own header) are skipped and counted.
 * @throws Error naming the line that cannot be read
 */
export function parseAgentdojo(text: string, fileName: string): { runs: TraceRun[]; headerLines: number } {
  const runs: TraceRun[] = [];
  /** Every attack of a suite wants the same; a run whose agent never read it is told by the others what it was. */
  const goals = new Map<string, AttackGoal>();
  const attacks = new Map<TraceRun, string>();
  let headerLines = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const value: unknown = JSON.parse(raw);
    if (typeof value === 'object' && value !== null && !('messages' in value)) {
      headerLines++;
      continue;
    }
    const parsed = line.safeParse(value);
    if (!parsed.success)
      throw new Error(`${fileName}, line ${index + 1}: ${parsed.error.issues[0]?.message}`);
    const { metadata, messages } = parsed.data;
    const seen: TraceCall['seen'] = [];
    const calls: TraceCall[] = [];
    let asked = '';
    let lastTool = 'tool';
    for (const message of messages) {
      if (message.role === 'user' && asked === '') asked = textOf(message.content);
      if (message.role === 'tool') seen.push({ tool: lastTool, text: textOf(message.content) });
      for (const call of message.tool_calls ?? []) {
        lastTool = call.function.name;
        calls.push({
          name: call.function.name,
          ...toExactJson(call.function.arguments),
          seen: [...seen],
          said: textOf(message.content) || null,
        });
      }
    }
    const run: TraceRun = {
      key: `${fileName}:${index + 1}`,
      suite: metadata.suite_name,
      model: metadata.model ?? parsed.data.sourceFile ?? 'unknown',
      asked,
      attack: null,
      calls,
      groundTruth: null,
    };
    runs.push(run);
    if (metadata.injection_task_id === null) continue;
    const attack = `${metadata.suite_name} ${metadata.injection_task_id}`;
    attacks.set(run, attack);
    const goal = goalOf(
      metadata.suite_name,
      seen.map((item) => item.text),
    );
    if (goal) goals.set(attack, goal);
  }
  for (const [run, attack] of attacks) run.attack = goals.get(attack) ?? null;
  return { runs, headerLines };
}
