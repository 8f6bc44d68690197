import type { Tier } from '@/lib/decisions/record-payload';
import type { Evidence } from '@/lib/escalations/escalation-view';
import type { PolicyDocument } from '@/lib/policy/policy-document';

/** What the console can draw as text. Everything else is named and not drawn. */
export function isReadableType(mediaType: string): boolean {
  return /^(text\/|application\/(json|xml|.+\+json|.+\+xml)\b)/.test(mediaType);
}

/** Parts of what the agent saw that this page cannot show, each in words for the reader. Attacker-controlled ids are not repeated. */
export function listNotInspectable(evidence: Evidence | null, evidenceGone: boolean): string[] {
  if (evidenceGone) return ['the evidence that was submitted can no longer be shown'];
  return (evidence?.retrieved ?? []).flatMap(({ text, mediaType }, index) => {
    if (text === undefined) return [`retrieved item ${index + 1}: no text was attached`];
    return isReadableType(mediaType) ? [] : [`retrieved item ${index + 1}: it cannot be drawn`];
  });
}

/** Whether such parts stop an approval: where nothing can be undone they do, unless the policy says otherwise. */
export function blocksNotInspectable(
  review: Pick<PolicyDocument['review'], 'notInspectable'>,
  tier: Tier,
): boolean {
  return (review.notInspectable?.[tier] ?? (tier === 'reversible' ? 'allow' : 'block')) === 'block';
}
