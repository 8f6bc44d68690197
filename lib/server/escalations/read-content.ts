import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { type Evidence, evidenceSchema } from '@/lib/escalations/escalation-view';
import type { FlowView, InformationView } from '@/lib/escalations/flow-view';
import { displayDigest } from '@/lib/escalations/statement';
import { type Action, actionDigest, formatAction, parseAction } from '@/lib/tokens/action';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { findRecommendation } from '../flow/find-recommendation';
import { listInformation } from '../flow/list-information';
import { readPayload } from '../payloads/read-payload';
import type { EscalationRecord } from './escalation-record';

export interface EscalationContent {
  /** Null when the action's bytes are gone or are not those whose digest is signed: then nobody can approve it. */
  action: { json: string; value: Action } | null;
  evidence: Evidence | null;
  /** Evidence was submitted and cannot be shown any more. */
  evidenceGone: boolean;
  /** Questions to the agent's owner with their answers: evidence like what was submitted. */
  information: InformationView[];
  /** A machine's recommendation as far as this reader may see it. */
  recommendation: FlowView['recommendation'];
  displayDigest: string;
}

/** Decrypts what this person is shown of what was submitted and answered. The caller has recorded the disclosure. */
export async function readContent(
  tx: Tx,
  escalation: EscalationRecord,
  person: string,
): Promise<EscalationContent> {
  const [action, evidence, information, recommendation] = await together([
    readActionOf(tx, escalation),
    readEvidence(tx, escalation),
    listInformation(tx, escalation, person),
    findRecommendation(tx, escalation, person),
  ]);
  return {
    information,
    recommendation,
    action,
    evidence,
    evidenceGone: escalation.evidenceRef !== null && evidence === null,
    displayDigest: displayDigest({
      row: escalation,
      actionJson: action?.json ?? '',
      actionDigest: escalation.actionDigest,
      evidence,
      measured: escalation.measured,
      budgets: escalation.budgets,
      quorum: escalation.quorum,
      policy: escalation.policy,
      flow: { information, recommendation },
    }),
  };
}

/** The action's bytes; null when they are gone, or not those whose digest is signed. */
export async function readActionOf(
  tx: Tx,
  escalation: EscalationRecord,
): Promise<EscalationContent['action']> {
  const value = await readJson(tx, escalation.tenant, escalation.actionRef);
  const action = value === null ? null : parseAction(value);
  if (!action?.ok || actionDigest(action.value) !== escalation.actionDigest) return null;
  return { json: formatAction(action.value), value: action.value };
}

async function readEvidence(tx: Tx, { tenant, evidenceRef }: EscalationRecord): Promise<Evidence | null> {
  if (evidenceRef === null) return null;
  const evidence = evidenceSchema.safeParse(await readJson(tx, tenant, evidenceRef));
  return evidence.success ? evidence.data : null;
}

async function readJson(tx: Tx, tenant: string, ref: string): Promise<unknown> {
  const payload = await readPayload(tx, { tenant, ref });
  const text = payload ? decodeUtf8(payload.bytes) : null;
  const json = text?.ok ? parseJson(text.value) : null;
  return json?.ok ? json.value : null;
}
