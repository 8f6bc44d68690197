import { placeHold } from '@/lib/server/holds/place-hold';
import { decideRequest } from '@/lib/server/vault/decide-request';
import { findSubject } from '@/lib/server/vault/find-subject';
import { makeRequest } from '@/lib/server/vault/make-request';
import { revealIdentifier } from '@/lib/server/vault/reveal-identifier';
import { takeRequest } from '@/lib/server/vault/take-request';
import { tokenise } from '@/lib/server/vault/tokenise';
import { ADMISSION_CASE, ADMISSION_MRN } from './admission';
import { DAY_MS } from './day-ms';
import { callerOf, type HistoryStage } from './history-stage';
import type { PlayedAdmission } from './play-admission';

const MINUTE_MS = 60_000;
const incident = { purpose: 'care-incident', caseRef: ADMISSION_CASE } as const;
/** Somebody who was in the house once and has asked to be forgotten; made up. */
const FORGOTTEN_MRN = 'MRN-00429999';

/** What compliance and data protection did about the admission in the last weeks, by the verbs of the page. */
export function planVault(stage: HistoryStage, { token, asked }: PlayedAdmission): void {
  const { site, timeline, endMs } = stage;
  const find = (email: string) => site.people.get(email);
  const [officer, protection, auditor] = [
    find('sofia@demo.example'),
    find('nadia@demo.example'),
    find('tomas@demo.example'),
  ];
  if (!officer || !protection || !auditor) return;
  timeline.at(endMs - 20 * DAY_MS, async (atMs) => {
    await findSubject(officer, { type: 'mrn', identifier: ADMISSION_MRN, ...incident }, { nowMs: atMs });
    const waiting = await revealIdentifier(officer, { token, ...incident }, { nowMs: atMs + MINUTE_MS });
    if (waiting.status !== 'waiting') return;
    await decideRequest(protection, waiting.request, 'grant', { nowMs: atMs + 9 * MINUTE_MS });
    await takeRequest(officer, waiting.request, { nowMs: atMs + 11 * MINUTE_MS });
  });
  timeline.at(endMs - 12 * DAY_MS, async (atMs) => {
    await placeHold(
      officer,
      {
        scope: { subjects: [token], agents: [], from: null, until: null, caseRef: null },
        caseRef: ADMISSION_CASE,
        reasonCode: 'litigation',
        reasonText: 'The family’s lawyer has announced a claim over the morning of the admission.',
      },
      { nowMs: atMs },
    );
  });
  timeline.at(endMs - 9 * DAY_MS, async (atMs) => {
    const { tokens } = await tokenise(
      callerOf(site),
      { items: [{ type: 'mrn', identifier: FORGOTTEN_MRN }] },
      { nowMs: atMs - 60 * DAY_MS },
    );
    const { id } = await makeRequest(
      officer,
      {
        kind: 'erase',
        target: tokens[0] as string,
        purpose: 'data-subject-request',
        caseRef: 'DSR-2026-031',
      },
      { nowMs: atMs },
    );
    await decideRequest(protection, id, 'grant', { nowMs: atMs + 40 * MINUTE_MS });
  });
  timeline.at(endMs - 55 * MINUTE_MS, async (atMs) => {
    await makeRequest(
      auditor,
      { kind: 'payload', target: asked, purpose: 'internal-audit', caseRef: 'IA-2026-09' },
      { nowMs: atMs },
    );
  });
}
