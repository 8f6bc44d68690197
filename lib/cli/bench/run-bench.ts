import { Refusal } from '../refusal';
import { benchAppend } from './bench-append';
import { type BenchConsole, startBenchConsole } from './bench-console';
import { benchIngest } from './bench-ingest';
import { type BenchReport, formatReport } from './bench-report';

const BENCHES: Record<string, (console: BenchConsole, seconds: number) => Promise<BenchReport>> = {
  ingest: benchIngest,
  append: benchAppend,
};
const DEFAULT_SECONDS = 20;

interface BenchArguments {
  run: (console: BenchConsole, seconds: number) => Promise<BenchReport>;
  seconds: number;
  json: boolean;
}

/**
 * `countersign bench ingest|append [--seconds N] [--json]`: measures against a reference in the same run and prints a
 * table, then one line of JSON (only that with `--json`).
 * @returns exit code
 * @throws Refusal for wrong arguments or a missing build
 */
export async function runBench(argv: string[]): Promise<number> {
  const { run, seconds, json } = parseArguments(argv);
  const bench = await startBenchConsole();
  try {
    const report = await run(bench, seconds);
    if (!json) console.log(`\n${formatReport(report)}\n`);
    console.log(JSON.stringify(report));
    return 0;
  } finally {
    await bench.stop();
  }
}

function parseArguments(argv: readonly string[]): BenchArguments {
  const [name = '', ...rest] = argv;
  const run = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  const usage = 'Usage: countersign bench ingest|append [--seconds N] [--json]';
  if (!run) throw new Refusal(usage);
  let seconds = DEFAULT_SECONDS;
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '--json') json = true;
    else if (rest[i] === '--seconds' && Number(rest[i + 1]) > 0) seconds = Number(rest[++i]);
    else throw new Refusal(usage);
  }
  return { run, seconds, json };
}
