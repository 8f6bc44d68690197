/** What a policy would have done with the decisions of a window, against what was recorded. */
import * as z from 'zod';
import { type OutcomeVerdict, outcomeVerdict } from '@/lib/decisions/record-payload';
import { MAX_POLICY_BYTES } from './parse-policy-document';
import type { Replay, ReplayGap } from './replay-decision';

export const SIMULATION_DAYS = [7, 30, 90] as const;

/** POST /api/v1/policies/simulate: any text, and how far back. */
export const simulateRequest = z.strictObject({
  text: z.string().max(MAX_POLICY_BYTES),
  days: z.union(SIMULATION_DAYS.map((days) => z.literal(days))),
});

const n = z.int().check(z.nonnegative());
const people = z.object({ approved: n, denied: n, expired: n, other: n });

export const simulationReport = z.object({
  from: z.string(),
  to: z.string(),
  decisions: n,
  evaluated: n,
  unchanged: n,
  /** Decisions that would have ended otherwise, by how, most first. */
  moved: z.array(
    z.object({
      from: outcomeVerdict,
      to: outcomeVerdict,
      n,
      rules: z.array(z.object({ rule: z.string(), n })),
      /** What people did with those that had been escalated. */
      people,
      /** Ids of the first of them; empty for whoever may not search decisions. */
      examples: z.array(z.string()),
    }),
  ),
  notEvaluated: z.array(z.object({ reason: z.string(), rule: z.nullable(z.string()), n })),
  /** Played again under the policy of then: how many of those that could be ended as recorded. */
  check: z.object({ asked: n, agreed: n }),
});
export type SimulationReport = z.infer<typeof simulationReport>;

/** One line of the answer, which is a stream of JSON lines. */
export const simulationLine = z.union([
  z.object({ type: z.literal('progress'), done: n, total: n }),
  z.object({ type: z.literal('result'), report: simulationReport }),
  z.object({ type: z.literal('failed'), code: z.string() }),
]);
export type SimulationLine = z.infer<typeof simulationLine>;

const MOST_EXAMPLES = 25;
type Moved = SimulationReport['moved'][number];

/** Counts replays one by one. */
export class SimulationCounter {
  decisions = 0;
  private evaluated = 0;
  private unchanged = 0;
  private readonly check = { asked: 0, agreed: 0 };
  private readonly moved = new Map<string, Omit<Moved, 'rules'> & { rules: Map<string, number> }>();
  private readonly gaps = new Map<string, { reason: ReplayGap; rule: string | null; n: number }>();

  /** @param state of the decision's escalation, when it has one */
  add(
    past: { id: string; verdict: OutcomeVerdict },
    replay: Replay,
    then: Replay | null,
    state: string | null,
  ) {
    this.decisions += 1;
    if (then?.evaluated) {
      this.check.asked += 1;
      if (then.verdict === past.verdict) this.check.agreed += 1;
    }
    if (!replay.evaluated) {
      const key = `${replay.reason} ${replay.rule ?? ''}`;
      const gap = this.gaps.get(key) ?? { reason: replay.reason, rule: replay.rule ?? null, n: 0 };
      gap.n += 1;
      this.gaps.set(key, gap);
      return;
    }
    this.evaluated += 1;
    if (replay.verdict === past.verdict) this.unchanged += 1;
    else this.move(past, replay.verdict, replay.rule, state);
  }

  private move(
    past: { id: string; verdict: OutcomeVerdict },
    to: OutcomeVerdict,
    rule: string,
    state: string | null,
  ) {
    const key = `${past.verdict} ${to}`;
    const moved = this.moved.get(key) ?? {
      from: past.verdict,
      to,
      n: 0,
      rules: new Map<string, number>(),
      people: { approved: 0, denied: 0, expired: 0, other: 0 },
      examples: [],
    };
    this.moved.set(key, moved);
    moved.n += 1;
    moved.rules.set(rule, (moved.rules.get(rule) ?? 0) + 1);
    if (state !== null) {
      const known = state === 'approved' || state === 'denied' || state === 'expired' ? state : 'other';
      moved.people[known] += 1;
    }
    if (moved.examples.length < MOST_EXAMPLES) moved.examples.push(past.id);
  }

  report(window: { from: string; to: string }, options: { examples: boolean }): SimulationReport {
    return {
      ...window,
      decisions: this.decisions,
      evaluated: this.evaluated,
      unchanged: this.unchanged,
      moved: [...this.moved.values()]
        .map(({ rules, examples, ...rest }) => ({
          ...rest,
          rules: [...rules].map(([rule, count]) => ({ rule, n: count })).sort((a, b) => b.n - a.n),
          examples: options.examples ? examples : [],
        }))
        .sort((a, b) => b.n - a.n),
      notEvaluated: [...this.gaps.values()].sort((a, b) => b.n - a.n),
      check: this.check,
    };
  }
}
