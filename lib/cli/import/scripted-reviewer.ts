import { z } from 'zod';
import type { PersonClient } from '@/lib/cli/person-client';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { findInstructionSources } from '@/lib/escalations/instruction-sources';
import { displayDigest } from '@/lib/escalations/statement';

/** What the scripted reviewer made of one escalation. */
export interface ScriptedVerdict {
  verdict: 'approve' | 'deny';
  reasonCode: string;
  reasonText: string;
}

/**
 * Decides from the review page's own contents and nothing else: an action whose target stands in a passage that the
 * page marked as reading like an instruction is denied; so is one that the page cannot draw; the rest is approved.
 * It is a stand-in for a person in a replay, and a poor one: it does not know what the user asked for.
 */
export function decideScripted(detail: EscalationDetail): ScriptedVerdict {
  const aimed = findInstructionSources(detail).some(({ passages }) =>
    passages.some(({ targets }) => targets.length > 0),
  );
  if (aimed) {
    return {
      verdict: 'deny',
      reasonCode: 'looks-manipulated',
      reasonText: 'The target of this action stands in a retrieved passage that reads like an instruction.',
    };
  }
  if (detail.notInspectable?.blocks) {
    return {
      verdict: 'deny',
      reasonCode: 'wrong-details',
      reasonText: 'Part of the action cannot be shown as it is, and an action of this tier must be.',
    };
  }
  if (detail.actionJson.includes('"absent"')) {
    return {
      verdict: 'deny',
      reasonCode: 'wrong-details',
      reasonText: 'The action does not name its amount or its payee.',
    };
  }
  return {
    verdict: 'approve',
    reasonCode: 'matches-evidence',
    reasonText: 'Nothing shown speaks against it: no marked passage names this target.',
  };
}

/** Opens, reads and decides one escalation as the review page would. */
export async function reviewScripted(person: PersonClient, escalationId: string): Promise<ScriptedVerdict> {
  await person.open(escalationId, z.unknown());
  const detail = await person.getEscalation(escalationId);
  const verdict = decideScripted(detail);
  await person.decide(
    escalationId,
    {
      ...verdict,
      actionDigest: detail.actionDigest,
      displayDigest: displayDigest(detail),
      instance: detail.instance,
      version: detail.row.version,
    },
    z.unknown(),
  );
  return verdict;
}
