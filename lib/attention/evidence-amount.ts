import type { Evidence } from '@/lib/escalations/escalation-view';

/** How much there was to read: characters of the action and of all texts, and separate items. */
export interface EvidenceAmount {
  characters: number;
  items: number;
}

/**
 * Counts what the page shows of a request itself. History is left out: it moves, and nobody should be held to more
 * reading because more happened before.
 */
export function measureEvidence(actionJson: string, evidence: Evidence | null): EvidenceAmount {
  const retrieved = evidence?.retrieved ?? [];
  const texts = [actionJson, evidence?.agentSaid ?? '', ...retrieved.map(({ text }) => text ?? '')];
  return {
    characters: texts.reduce((sum, text) => sum + text.length, 0),
    items: retrieved.length + (evidence?.guardrails.length ?? 0),
  };
}
