import { Refusal } from '../refusal';
import { benchAppend } from './bench-append';
import { type BenchConsole, startBenchConsole } from './bench-console';
import { benchIngest } from './bench-ingest';
import { type BenchReport, formatReport } from './bench-report';
import { benchSequence } from './bench-sequence';
import { benchVerifyBrowser } from './bench-verify-browser';

export interface BenchOptions {
  /** How long to load a console. */
  seconds: number;
  /** Records of the chain and leaves of the log that a browser walks. */
  records: number;
  leaves: number;
}

/** Every benchmark by name; each starts what it measures and leaves nothing running. */
const BENCHES: Record<string, (options: BenchOptions) => Promise<BenchReport>> = {
  ingest: overHttp(benchIngest),
  append: overHttp(benchAppend),
  sequence: benchSequence,
  'verify-browser': benchVerifyBrowser,
};
const DEFAULTS: BenchOptions = { seconds: 20, records: 100_000, leaves: 1_000_000 };

function overHttp(bench: (console: BenchConsole, seconds: number) => Promise<BenchReport>) {
  return async ({ seconds }: BenchOptions): Promise<BenchReport> => {
    const served = await startBenchConsole();
    try {
      return await bench(served, seconds);
    } finally {
      await served.stop();
    }
  };
}

interface BenchArguments extends BenchOptions {
  run: (options: BenchOptions) => Promise<BenchReport>;
  json: boolean;
}

/**
 * `countersign bench <name> [--seconds N] [--records N] [--leaves N] [--json]`: measures against a reference in the same run and prints a table,
 * then one line of JSON (only that with `--json`).
 * @returns exit code
 * @throws Refusal for wrong arguments or a missing build
 */
export async function runBench(argv: string[]): Promise<number> {
  const { run, json, ...options } = parseArguments(argv);
  const report = await run(options);
  if (!json) console.log(`\n${formatReport(report)}\n`);
  console.log(JSON.stringify(report));
  return 0;
}

function parseArguments(argv: readonly string[]): BenchArguments {
  const [name = '', ...rest] = argv;
  const run = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  const usage = `Usage: countersign bench ${Object.keys(BENCHES).join('|')} [--seconds N] [--records N] [--leaves N] [--json]`;
  if (!run) throw new Refusal(usage);
  const options = { ...DEFAULTS };
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    const flag = rest[i]?.slice(2) ?? '';
    if (rest[i] === '--json') json = true;
    else if (rest[i]?.startsWith('--') && Object.hasOwn(options, flag) && Number(rest[i + 1]) > 0)
      options[flag as keyof BenchOptions] = Number(rest[++i]);
    else throw new Refusal(usage);
  }
  return { run, json, ...options };
}
