import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { JsonValue } from '@/lib/core/json';
import { overallVerdict } from '@/lib/integrity/check';
import { newSubjectToken } from '@/lib/server/random';
import { verifyTenant } from '../verify/verify-tenant';
import { walkLog } from '../verify/walk-log';
import { countCall, emptyReport, type ImportReport } from './import-report';
import { type PreparedSite, prepareSite } from './prepare-site';
import { agentId } from './propose-call';
import { type RunContext, replayCall } from './replay-call';
import { reviewScripted } from './scripted-reviewer';
import { siteOf } from './site';
import type { TraceRun } from './trace-run';

const RUNS_AT_ONCE = 8;
const QUEUE_EVERY_MS = 150;
const CHECKPOINT_WAIT_MS = 15 * 60_000;

/** Keeps an organisation's queue empty until told to stop; decides from what the page shows. */
async function staffQueue(prepared: PreparedSite, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await prepared.reviewer.listQueue();
    for (const row of rows) if (!signal.aborted) await reviewScripted(prepared.reviewer, row.id);
    if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, QUEUE_EVERY_MS));
  }
}

async function replayRun(
  prepared: PreparedSite,
  run: TraceRun,
  report: ImportReport,
  signal: AbortSignal,
): Promise<void> {
  const gateway = await prepared.gateway(agentId(run));
  const context: RunContext = {
    run,
    principal: newSubjectToken(),
    session: `ses-${randomBytes(6).toString('hex')}`,
    traceId: randomBytes(16).toString('hex'),
    parent: null,
  };
  for (const call of run.calls) {
    const done = await replayCall(gateway, context, call, signal);
    context.parent = done.decisionId;
    countCall(report, run, call, done);
  }
  report.runs++;
}

const proof = z.object({ log: z.object({ origin: z.string(), vkey: z.string() }) });
const health = z.object({
  backlog: z.object({ records: z.number() }),
  log: z.object({ size: z.number(), checkpointSize: z.number() }),
});

async function getJson<S extends z.ZodType>(url: string, schema: S): Promise<z.infer<S>> {
  return schema.parse(await (await fetch(url)).json());
}

/** Waits until the published log covers every record that was acknowledged. */
async function waitForCheckpoint(origin: string): Promise<void> {
  const deadlineMs = performance.now() + CHECKPOINT_WAIT_MS;
  for (;;) {
    const state = await getJson(`${origin}/api/v1/health`, health);
    if (state.backlog.records === 0 && state.log.checkpointSize >= state.log.size) return;
    if (performance.now() > deadlineMs) throw new Error('The log did not catch up with its records.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function verifyAll(
  origin: string,
  sites: readonly PreparedSite[],
  report: ImportReport,
): Promise<void> {
  await waitForCheckpoint(origin);
  const { log } = await getJson(`${origin}/api/v1/proof`, proof);
  const walked = await walkLog(async (path) => {
    const response = await fetch(`${origin}${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  }, log);
  const checks = [...walked.checks];
  report.log = { entries: walked.size, bytes: walked.bytes };
  for (const site of sites) {
    const found = await verifyTenant(site.auditor, walked);
    checks.push(...found.checks);
    report.records.decisions += found.decisions;
    report.records.all += found.records;
    report.records.bytes += found.bytes;
  }
  const failed = checks.filter((check) => check.verdict !== 'valid');
  report.verification = { verdict: overallVerdict(checks), failed, checks: checks.length };
}

/**
 * Replays runs against a running console and verifies the whole log afterwards.
 * @param onProgress told how many calls have been replayed
 */
export async function replayRuns(
  runs: readonly TraceRun[],
  options: { origin: string; onProgress: (calls: number) => void },
): Promise<ImportReport> {
  const { origin } = options;
  const report = emptyReport();
  const jwks = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as JsonValue;
  const tag = randomBytes(3).toString('hex');
  const sites = new Map<string, PreparedSite>();
  for (const run of runs) {
    const site = siteOf(run.suite);
    if (!sites.has(site.tenant)) sites.set(site.tenant, await prepareSite(site, { origin, run: tag, jwks }));
  }
  const ended = new AbortController();
  const staff = [...sites.values()].map((site) => staffQueue(site, ended.signal));
  try {
    const waiting = [...runs];
    const work = async (): Promise<void> => {
      for (let run = waiting.shift(); run; run = waiting.shift()) {
        await replayRun(sites.get(siteOf(run.suite).tenant) as PreparedSite, run, report, ended.signal);
        options.onProgress(report.calls);
      }
    };
    await Promise.race([Promise.all(Array.from({ length: RUNS_AT_ONCE }, work)), Promise.all(staff)]);
  } finally {
    ended.abort();
  }
  await Promise.allSettled(staff);
  await verifyAll(origin, [...sites.values()], report);
  return report;
}
