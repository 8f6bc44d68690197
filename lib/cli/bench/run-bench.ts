import { Refusal } from '../refusal';
import { benchAppend } from './bench-append';
import { type BenchConsole, startBenchConsole } from './bench-console';
import { benchDecide } from './bench-decide';
import { benchExport, measureExport } from './bench-export';
import { benchFacets, measureFacets } from './bench-facets';
import { benchIngest } from './bench-ingest';
import { benchLineage } from './bench-lineage';
import { benchQueue } from './bench-queue';
import { benchRedeem } from './bench-redeem';
import { type BenchReport, formatReport } from './bench-report';
import { benchSearch, measureSearch } from './bench-search';
import { benchSequence } from './bench-sequence';
import { benchVerifyBrowser } from './bench-verify-browser';
import { plotCommand } from './draw-plot';
import { measureSize } from './measure-sizes';

export interface BenchOptions {
  /** How long to load a console. */
  seconds: number;
  /** Records of the chain and leaves of the log that a browser walks. */
  records: number;
  leaves: number;
  /** Numbers of decisions that are searched. */
  sizes: number[];
  /** Where loaded decisions are kept for the next benchmark; absent: nowhere. */
  data?: string;
}

/** Every benchmark by name; each starts what it measures and leaves nothing running. */
const BENCHES: Record<string, (options: BenchOptions) => Promise<BenchReport>> = {
  ingest: overHttp(benchIngest),
  append: overHttp(benchAppend),
  sequence: benchSequence,
  'verify-browser': benchVerifyBrowser,
  queue: overHttp(benchQueue),
  lineage: overHttp(benchLineage),
  decide: overHttp(benchDecide),
  redeem: overHttp(benchRedeem),
  search: ({ sizes, data }) => benchSearch(sizes, data),
  facets: ({ sizes, data }) => benchFacets(sizes, data),
  export: ({ sizes, data }) => benchExport(sizes, data),
};
const DEFAULTS: BenchOptions = {
  seconds: 20,
  records: 100_000,
  leaves: 1_000_000,
  sizes: [100_000, 1_000_000],
};
const NUMBERS = ['seconds', 'records', 'leaves'] as const;

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

/** What `measureSizes` runs in a process of its own. */
const SIZED: Record<string, (size: number, directory: string | undefined) => Promise<void>> = {
  search: (size, directory) => measureSize(size, directory, measureSearch),
  facets: (size, directory) => measureSize(size, directory, measureFacets),
  export: (size, directory) => measureSize(size, directory, measureExport),
};

interface BenchArguments extends BenchOptions {
  run: (options: BenchOptions) => Promise<BenchReport>;
  json: boolean;
}

/**
 * `countersign bench <name> [--seconds N] [--records N] [--leaves N] [--sizes N,N] [--data DIRECTORY] [--json]`: measures against a reference in the same run and prints a table,
 * then one line of JSON (only that with `--json`). `bench plot <out.svg> <report>…` draws reports by size.
 * @returns exit code
 * @throws Refusal for wrong arguments or a missing build
 */
export async function runBench(argv: string[]): Promise<number> {
  if (argv[0] === 'plot') {
    plotCommand(argv.slice(1));
    return 0;
  }
  const [mode, name = '', size, directory] = argv;
  if (mode === 'measure' && Object.hasOwn(SIZED, name) && Number(size) > 0) {
    await SIZED[name]?.(Number(size), directory);
    return 0;
  }
  const { run, json, ...options } = parseArguments(argv);
  const report = await run(options);
  if (!json) console.log(`\n${formatReport(report)}\n`);
  console.log(JSON.stringify(report));
  return 0;
}

function parseArguments(argv: readonly string[]): BenchArguments {
  const [name = '', ...rest] = argv;
  const run = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  const usage = `Usage: countersign bench ${Object.keys(BENCHES).join('|')} [--seconds N] [--records N] [--leaves N] [--sizes N,N] [--data DIRECTORY] [--json]`;
  if (!run) throw new Refusal(usage);
  const options = { ...DEFAULTS };
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    const flag = rest[i]?.startsWith('--') ? rest[i]?.slice(2) : undefined;
    const number = NUMBERS.find((name) => name === flag);
    if (flag === 'json') json = true;
    else if (number && Number(rest[i + 1]) > 0) options[number] = Number(rest[++i]);
    else if (flag === 'sizes' && /^\d+(,\d+)*$/.test(rest[i + 1] ?? ''))
      options.sizes = (rest[++i] ?? '').split(',').map(Number);
    else if (flag === 'data' && rest[i + 1]) options.data = rest[++i];
    else throw new Refusal(usage);
  }
  return { run, json, ...options };
}
