import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@/lib/server/database/embedded';
import { endPools } from '@/lib/server/database/end-pools';
import { startConsole } from '../console/start-console';
import { withProgress } from '../progress';
import { Refusal } from '../refusal';
import { Cleanup, watchStopSignals } from '../up/stop-signals';
import { formatReport } from './import-report';
import { parseAgentdojo } from './parse-agentdojo';
import { parseTauBench } from './parse-tau-bench';
import type { TraceRun } from './trace-run';

const USAGE = `Usage: countersign import agentdojo|tau-bench <directory> [--json]
       countersign import cer <file or directory>… (alone: how)`;

function readRuns(kind: string | undefined, directory: string | undefined): TraceRun[] {
  if ((kind !== 'agentdojo' && kind !== 'tau-bench') || !directory) throw new Refusal(USAGE);
  const ending = kind === 'agentdojo' ? '.jsonl' : '.json';
  let names: string[];
  try {
    names = statSync(directory).isDirectory()
      ? readdirSync(directory)
          .filter((name) => name.endsWith(ending))
          .sort()
      : [];
  } catch {
    throw new Refusal(`The directory ${directory} cannot be read.`);
  }
  if (names.length === 0) throw new Refusal(`The directory ${directory} holds no ${kind} runs (*${ending}).`);
  return names.flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    return kind === 'agentdojo' ? parseAgentdojo(text, name).runs : parseTauBench(text, name).runs;
  });
}

/**
 * `countersign import agentdojo|tau-bench <directory>`: replays published agent runs through the public HTTP API of a
 * console of its own (real PostgreSQL, in a temporary directory) and prints what became of them.
 * @returns 0 when no injected action ran without a person and the whole log verifies, else 1
 */
export async function importCommand(args: string[]): Promise<number> {
  const [first, ...others] = args;
  if (first === 'cer') return (await import('./cer/import-cer')).importCer(others);
  const json = args.includes('--json');
  const [kind, directory] = args.filter((arg) => !arg.startsWith('--'));
  const runs = readRuns(kind, directory);
  const signal = watchStopSignals();
  const cleanup = new Cleanup();
  try {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'countersign-import-'));
    cleanup.add(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const port = await findFreePort();
    const origin = `http://localhost:${port}`;
    await startConsole(
      { port, host: '127.0.0.1', origin, dataDirectory, databaseUrl: undefined, empty: false },
      {
        cleanup,
        signal,
        onOutput: () => {},
        beforeServer: async () => cleanup.add(() => endPools()),
      },
    );
    const { replayRuns } = await import('./replay-runs');
    const report = await withProgress(`Replaying ${runs.length} runs`, (say) =>
      replayRuns(runs, { origin, onProgress: (calls) => say(`${calls} calls`) }),
    );
    console.log(json ? JSON.stringify(report, null, 2) : formatReport(report));
    const whole = report.verification.verdict === 'valid' && report.records.decisions === report.calls;
    return whole && report.attacker.executedWithoutPerson === 0 ? 0 : 1;
  } finally {
    await cleanup.run();
  }
}
