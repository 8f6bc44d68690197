import type { ChangeComparison, GuardrailWindow } from '@/lib/analytics/change-comparison';
import { equalWindows } from '@/lib/analytics/equal-windows';
import { findDrift } from '@/lib/analytics/find-drift';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { countWindow } from './count-window';
import { findChangeSubject } from './find-change-subject';
import { findVersionTexts } from './find-version-texts';

const MOST_OTHERS = 20;

/**
 * One change before and after, over two windows of equal length: outcomes, guardrail scores, dwell, what people decided,
 * and which of it can be told apart. `mayRead`: may see the texts of prompts and other versions that agents ran under.
 * @throws ServiceError `not_found` when this tenant has no such change
 */
export async function compareChange(
  tenant: string,
  asked: { id: string; days: number; mayRead: boolean },
  { nowMs = clockNowMs() } = {},
): Promise<ChangeComparison> {
  const found = await findChangeSubject(tenant, asked.id);
  if (!found) throw new ServiceError('not_found');
  const { subject, agents } = found;
  const { spanHours, before, after } = equalWindows(Date.parse(subject.at), asked.days, nowMs);
  const [left, right, others, texts] = await Promise.all([
    countWindow(tenant, agents, before),
    countWindow(tenant, agents, after),
    listOthers(tenant, subject.id, { fromMs: before.fromMs, toMs: after.toMs }),
    findVersionTexts(tenant, subject, asked.mayRead),
  ]);
  const names = [...new Set([...left.guardrails.keys(), ...right.guardrails.keys()])].sort();
  const outcomes = { before: left.outcomes, after: right.outcomes };
  const guardrails = names.map((name) => ({
    name,
    before: left.guardrails.get(name) ?? noGuardrail(),
    after: right.guardrails.get(name) ?? noGuardrail(),
  }));
  const iso = (window: { fromMs: number; toMs: number }) => ({
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
  });
  return {
    subject,
    askedDays: asked.days,
    spanHours,
    before: iso(before),
    after: iso(after),
    agents,
    outcomes,
    guardrails,
    dwell: { before: quartiles(left.dwellMs), after: quartiles(right.dwellMs) },
    escalations: { before: left.escalations, after: right.escalations },
    drift: findDrift({ outcomes, guardrails, dwellMs: { before: left.dwellMs, after: right.dwellMs } }),
    others,
    texts,
  };
}

const noGuardrail = (): GuardrailWindow => ({
  classes: [],
  verdicts: { pass: 0, fail: 0, error: 0 },
  thresholds: [],
});

function quartiles(values: readonly number[]): ChangeComparison['dwell']['before'] {
  if (values.length === 0) return { n: 0, quartilesMs: null };
  const at = (share: number) => values[Math.floor((values.length - 1) * share)] as number;
  return { n: values.length, quartilesMs: [at(0.25), at(0.5), at(0.75)] };
}

async function listOthers(
  tenant: string,
  id: string,
  window: { fromMs: number; toMs: number },
): Promise<ChangeComparison['others']> {
  const found = await getPool().query<{ id: string; occurred_at: Date; target: string; name: string }>(
    `SELECT id, occurred_at, target, name FROM changes
      WHERE tenant = $1 AND occurred_at >= $2 AND occurred_at < $3 AND id <> $4
      ORDER BY occurred_at DESC, id DESC LIMIT ${MOST_OTHERS}`,
    [tenant, new Date(window.fromMs), new Date(window.toMs), id],
  );
  return found.rows.map(({ occurred_at, ...row }) => ({ ...row, at: occurred_at.toISOString() }));
}
