import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgentdojo } from '@/lib/cli/import/parse-agentdojo';
import { parseTauBench } from '@/lib/cli/import/parse-tau-bench';
import { replayRuns } from '@/lib/cli/import/replay-runs';
import type { TraceRun } from '@/lib/cli/import/trace-run';
import { endPools } from '@/lib/server/database/end-pools';
import { readConsoleState } from './console-state';

const RUNS = 10;

/** Attacked and plain runs, half of each where there are both. */
function pick(runs: readonly TraceRun[]): TraceRun[] {
  const attacked = runs.filter(({ attack }) => attack).slice(0, RUNS / 2);
  return [...attacked, ...runs.filter(({ attack }) => !attack).slice(0, RUNS - attacked.length)];
}

/** Replays a few real runs of each data set against the stories' console, and tells the parent what became of them. */
async function replayTraces(directory: string): Promise<void> {
  const state = readConsoleState();
  Object.assign(process.env, {
    COUNTERSIGN_DATABASE_URL: state.appUrl,
    COUNTERSIGN_DATA: state.dataDirectory,
    COUNTERSIGN_ORIGIN: state.origin,
    COUNTERSIGN_DEMO: '1',
  });
  const read = (path: string) => readFileSync(join(directory, path), 'utf8');
  const runs = ['agentdojo-gpt-4-0125-preview.jsonl', 'banking-all-16-models.jsonl'].flatMap((name) =>
    pick(parseAgentdojo(read(`agentdojo/${name}`), name).runs),
  );
  const airline = 'gpt-4o-airline.json';
  runs.push(...pick(parseTauBench(read(`tau-bench/${airline}`), airline).runs));
  const report = await replayRuns(runs, { origin: state.origin, onProgress: () => {} });
  process.send?.(report);
  await endPools();
}

replayTraces(process.argv[2] ?? '').then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
