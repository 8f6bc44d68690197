import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { prepareBuild } from '../console/prepare-build';
import { prepareClient } from '../console/prepare-client';
import { formatSeconds, withProgress } from '../progress';
import { runTool, type ToolResult } from '../run-tool';
import { watchStopSignals } from '../up/stop-signals';
import { ensureChromium } from './find-chromium';
import { addTallies, formatTally, type Tally, tallyOfPlaywright, tallyOfStep, tallyOfVitest } from './tally';

const MOST_OUTPUT = 12_000;

interface Run {
  signal: AbortSignal;
  /** Where the reports of this run are written. */
  directory: string;
}

function readReport(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const ended = (result: ToolResult): boolean => result.exitCode === 0;

/** Shows what a failed tool had to say: its end, where the failures are. */
function showFailure(label: string, { output }: ToolResult): void {
  console.log(`${label} said:\n${stripVTControlCharacters(output).trim().slice(-MOST_OUTPUT)}\n`);
}

async function checkTool(run: Run, label: string, script: string, args: string[]): Promise<Tally> {
  const result = await withProgress(label, () => runTool(script, args, { signal: run.signal }), ended);
  if (result.exitCode !== 0) showFailure(label, result);
  return tallyOfStep(result.exitCode === 0);
}

async function checkUnits(run: Run): Promise<Tally> {
  const report = join(run.directory, 'vitest.json');
  const label = 'Architecture, unit and server tests';
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = await withProgress(
    label,
    () => runTool('vitest/vitest.mjs', args, { signal: run.signal }),
    ended,
  );
  const tally = tallyOfVitest(readReport(report), result.exitCode);
  if (tally.failed > 0) showFailure(label, result);
  return tally;
}

async function checkBuild(run: Run): Promise<Tally> {
  try {
    await prepareBuild(run.signal);
    console.log('✓ The build is current');
    return tallyOfStep(true);
  } catch (error) {
    showFailure('Build', { exitCode: 1, output: error instanceof Error ? error.message : String(error) });
    return tallyOfStep(false);
  }
}

async function checkBrowser(run: Run): Promise<Tally> {
  const chromium = await withProgress('Finding a Chromium', () => ensureChromium(run.signal));
  if (chromium === null) {
    console.log('✗ There is no Chromium and none could be installed. Install one, or set CHROMIUM_PATH.');
    return tallyOfStep(false);
  }
  const report = join(run.directory, 'playwright.json');
  const label = 'End to end in Chromium';
  const result = await withProgress(
    label,
    () =>
      runTool('@playwright/test/cli.js', ['test', '--reporter=list,json', '--pass-with-no-tests'], {
        signal: run.signal,
        // Playwright gives its workers FORCE_COLOR; Node warns of the two together.
        env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report, NO_COLOR: undefined },
      }),
    ended,
  );
  const tally = tallyOfPlaywright(readReport(report), result.exitCode);
  if (tally.failed > 0) showFailure(label, result);
  return tally;
}

/**
 * `countersign check`: everything that must hold before a change is accepted. Ends with one line, `N passed, N failed,
 * N skipped`; each static step counts as one. Goes on after a failure, so that one run tells everything.
 * @returns 1 when anything failed
 */
export async function check(): Promise<number> {
  const startedMs = performance.now();
  const signal = watchStopSignals();
  const run = { signal, directory: mkdtempSync(join(tmpdir(), 'countersign-check-')) };
  const tallies: Tally[] = [];
  try {
    await prepareClient(signal);
    tallies.push(
      await checkTool(run, 'Format and lint', '@biomejs/biome/bin/biome', [
        'ci',
        '--colors=off',
        '--max-diagnostics=50',
      ]),
    );
    tallies.push(await checkTool(run, 'Types', 'typescript/bin/tsc', ['--noEmit']));
    if (!signal.aborted) tallies.push(await checkUnits(run));
    if (!signal.aborted) tallies.push(await checkBuild(run));
    if (!signal.aborted) {
      const built = tallies.at(-1)?.failed === 0;
      // Without a build there is nothing to open in a browser: not checked is not passed.
      tallies.push(built ? await checkBrowser(run) : { passed: 0, failed: 0, skipped: 1 });
    }
  } finally {
    rmSync(run.directory, { recursive: true, force: true });
  }
  if (signal.aborted) tallies.push(tallyOfStep(false));
  const sum = addTallies(tallies);
  console.log(`Took ${formatSeconds(performance.now() - startedMs)}`);
  console.log(formatTally(sum));
  return sum.failed === 0 ? 0 : 1;
}
