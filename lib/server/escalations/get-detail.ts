import { measureEvidence } from '@/lib/attention/evidence-amount';
import { minimumActive } from '@/lib/attention/minimum-active';
import { blocksNotInspectable, listNotInspectable } from '@/lib/attention/not-inspectable';
import { formatInstant } from '@/lib/core/instant';
import type { JsonValue } from '@/lib/core/json';
import type { EscalationDetail, Evidence } from '@/lib/escalations/escalation-view';
import { markPassages } from '@/lib/escalations/marked-passages';
import { findUnusual } from '@/lib/escalations/unusual';
import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import { findLoad } from '../attention/find-load';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { standIn } from '../drills/stand-in';
import { ServiceError } from '../errors';
import { getFlow } from '../flow/get-flow';
import { readOwnView } from '../flow/read-own-view';
import { findActivePasskeys } from '../passkeys/find-passkeys';
import { arePasskeysAvailable } from '../passkeys/relying-party';
import { getPolicyVersion } from '../policies/get-active-policy';
import { findEligibility } from '../reviews/find-eligibility';
import { formatMay } from '../reviews/format-may';
import { recordDisclosure } from '../reviews/record-disclosure';
import { findReading, formatReading } from '../reviews/review-session-record';
import type { Reviewer } from '../reviews/reviewer';
import { type EscalationRecord, findEscalation } from './escalation-record';
import { findHistory, findRecentAmounts } from './find-history';
import { findResult } from './find-result';
import { formatRow, ROW_COLUMNS, ROW_JOINS, type RowColumns } from './format-row';
import { type EscalationContent, readContent } from './read-content';

/**
 * Everything the review page shows to this person. The first time, that it was disclosed to them is recorded in the same
 * transaction: no record, no disclosure.
 * @throws ServiceError `escalation_unknown`
 */
export async function getDetail(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<EscalationDetail> {
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    const escalation = await findEscalation(tx, { tenant, id });
    if (!escalation) throw new ServiceError('escalation_unknown');
    const content = await readContent(tx, escalation, viewer.person.id);
    const { document } = await getPolicyVersion(tenant, escalation.policy.id, escalation.policy.version, tx);
    const eligibility = await findEligibility(tx, viewer, escalation, { nowMs });
    const reading = await findReading(tx, { tenant, escalation: id, person: viewer.person.id });
    const stand = await standIn(tx, escalation);
    const history = await findHistory(tx, stand);
    const recentAmounts = await findRecentAmounts(tx, stand);
    const amount = measureEvidence(content.action?.json ?? '', content.evidence);
    const minimum = minimumActive(document.review, escalation.tier, amount);
    const detail: EscalationDetail = {
      row: await findRow(tx, viewer, id, nowMs),
      actionJson: content.action?.json ?? '',
      actionDigest: escalation.actionDigest,
      displayDigest: content.displayDigest,
      instance: escalation.instance,
      gateway: escalation.gateway,
      traceId: escalation.traceId,
      // Where else this case may be read opens after the verdict: until then what is shown here is what is signed.
      decisionId:
        escalation.state === 'pending' && holdsRole(viewer.roles, DECIDING_ROLES)
          ? null
          : escalation.decision,
      subjects: escalation.subjects,
      policy: escalation.policy,
      quorum: escalation.quorum,
      measured: escalation.measured,
      budgets: escalation.budgets,
      evidence: content.evidence,
      evidenceGone: content.evidenceGone,
      marked: markEvidence(content.evidence),
      unusual: listUnusual(escalation, content, history, recentAmounts),
      recentAmounts,
      history,
      requiredSections: document.review.requiredSections[escalation.tier] ?? [],
      session: reading ? formatReading(reading, nowMs) : null,
      minimumActiveMs: minimum.totalMs,
      minimumActive: {
        tierMs: minimum.tierMs,
        byEvidenceMs: minimum.totalMs - minimum.tierMs,
        ...amount,
      },
      notInspectable: {
        parts: listNotInspectable(content.evidence, content.evidenceGone),
        blocks: blocksNotInspectable(document.review, escalation.tier),
      },
      load: eligibility.may.ok ? await findLoad(tx, { tenant, person: viewer.person.id }, { nowMs }) : null,
      passkey: {
        rule: document.review.passkey[escalation.tier] ?? 'optional',
        registered: (await findActivePasskeys(tx, { tenant, person: viewer.person.id })).length > 0,
        available: arePasskeysAvailable(),
      },
      may: await formatMay(tx, eligibility),
      ownVerdict: eligibility.ownVerdict,
      flow: await getFlow(tx, viewer, {
        escalation,
        content,
        document,
        mayDecide: eligibility.may.ok,
        ownVerdict: eligibility.ownVerdict,
        nowMs,
      }),
      result: await findResult(tx, escalation),
      now: formatInstant(nowMs),
    };
    await recordDisclosure(tx, viewer, escalation, { nowMs });
    return detail;
  });
}

async function findRow(
  tx: Tx,
  viewer: Reviewer,
  id: string,
  nowMs: number,
): Promise<EscalationDetail['row']> {
  const found = await tx.query<RowColumns>(
    `SELECT ${ROW_COLUMNS} FROM escalations e ${ROW_JOINS} WHERE e.id = $1 AND e.tenant = $2`,
    [id, viewer.tenant.id],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('escalation_unknown');
  return formatRow(row, viewer.person.id, nowMs, (await readOwnView(tx, viewer, [row], nowMs))(row));
}

function markEvidence(evidence: Evidence | null): EscalationDetail['marked'] {
  if (!evidence) return [];
  const texts = [
    { item: -1, text: evidence.agentSaid ?? '' },
    ...evidence.retrieved.map(({ text }, item) => ({ item, text: text ?? '' })),
  ];
  return texts
    .map(({ item, text }) => ({ item, passages: markPassages(text) }))
    .filter(({ passages }) => passages.length > 0);
}

function listUnusual(
  escalation: EscalationRecord,
  content: EscalationContent,
  history: EscalationDetail['history'],
  recentAmounts: EscalationDetail['recentAmounts'],
): EscalationDetail['unusual'] {
  if (!content.action) return [];
  const limits = escalation.measured.flatMap(({ name, limit, unit }) =>
    limit !== undefined && unit === escalation.currency ? [{ name, limit }] : [],
  );
  return findUnusual({
    action: content.action.value as unknown as JsonValue,
    amount: escalation.amount,
    currency: escalation.currency,
    counterparty: history.counterparty,
    recentAmounts: recentAmounts?.amounts ?? [],
    limits,
  });
}
