import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAction } from '@/lib/tokens/action';
import { parseAgentdojo } from './parse-agentdojo';
import { parseTauBench } from './parse-tau-bench';
import { proposeCall } from './propose-call';
import { toExactJson } from './to-exact-json';
import { isAttackerCall, type TraceRun } from './trace-run';

const TRACES = join(process.cwd(), '../shared/data/agent-traces');

function counts(runs: readonly TraceRun[]) {
  return {
    runs: runs.length,
    calls: runs.reduce((sum, run) => sum + run.calls.length, 0),
    attacked: runs.filter((run) => run.attack !== null).length,
  };
}

describe.skipIf(!existsSync(TRACES))(`the published runs (skipped where ${TRACES} is absent)`, () => {
  const read = (path: string): string => readFileSync(join(TRACES, path), 'utf8');

  it.each([
    // Runs and calls as the data's own README counts them; attacks that never reached a tool result are not seen here.
    ['agentdojo-gpt-4-0125-preview.jsonl', 194, 810],
    ['banking-all-16-models.jsonl', 320, 577],
  ])('reads every run and call of %s', (name, runs, calls) => {
    const parsed = parseAgentdojo(read(`agentdojo/${name}`), name);
    expect(counts(parsed.runs)).toMatchObject({ runs, calls });
    expect(parsed.runs.some((run) => run.attack)).toBe(true);
  });

  it('reads every run and call of tau-bench, with its ground truth', () => {
    const { runs } = parseTauBench(read('tau-bench/gpt-4o-airline.json'), 'gpt-4o-airline.json');
    expect(counts(runs)).toEqual({ runs: 132, calls: 789, attacked: 0 });
    expect(runs.every((run) => run.groundTruth !== null)).toBe(true);
  });

  it('finds the injected payment of every attack that the data says succeeded', () => {
    const text = read('agentdojo/banking-all-16-models.jsonl');
    const { runs } = parseAgentdojo(text, 'banking');
    const succeeded = text
      .split('\n')
      .filter((line) => line.trim() !== '' && line.includes('"messages"'))
      .map(
        (line) =>
          (JSON.parse(line) as { metadata: { security: boolean; injection_task_id: string | null } })
            .metadata,
      )
      .map(({ security, injection_task_id }) => security && injection_task_id !== null);
    for (const [index, run] of runs.entries()) {
      const acted = run.calls.some((call) => call.name === 'send_money' && isAttackerCall(run, call));
      if (succeeded[index]) expect(acted, run.key).toBe(true);
    }
  });

  it('turns every call into an action that can be signed', () => {
    const all = [
      ...parseAgentdojo(read('agentdojo/agentdojo-gpt-4-0125-preview.jsonl'), 'a').runs,
      ...parseTauBench(read('tau-bench/gpt-4o-airline.json'), 'gpt-4o').runs,
    ];
    const refused = all.flatMap((run) =>
      run.calls.filter((call) => !parseAction(proposeCall(run, call, `tok_${'0'.repeat(32)}`, 'ses-1')).ok),
    );
    expect(refused).toEqual([]);
  });
});

describe('toExactJson', () => {
  it.each([
    ['whole numbers stay', { n: 7 }, { n: 7 }],
    ['fractions become decimal strings', { amount: 98.7 }, { amount: '98.7' }],
    ['exponents are written out', { amount: 1e-7 }, { amount: '0.0000001' }],
    ['numbers beyond 2^53 become strings', { n: 1e20 }, { n: '100000000000000000000' }],
    ['nested', { a: [{ b: 0.5 }] }, { a: [{ b: '0.5' }] }],
  ])('%s', (_, value, exact) => {
    expect(toExactJson(value)).toEqual({ args: exact, unreadable: false });
  });

  it.each([
    ['text that is no JSON', '{"a": '],
    ['a list', '[1]'],
    ['nothing', null],
  ])('keeps %s as it was', (_, value) => {
    expect(toExactJson(value)).toEqual({
      args: { raw: typeof value === 'string' ? value : 'null' },
      unreadable: true,
    });
  });
});
