import type { PolicyDocument } from './policy-document';

/** What a policy wants of the log's outside witnesses. */
export interface WitnessRule {
  /** Distinct authorities; 0 wants none. */
  required: number;
  withinMs: number;
  withholdTokens: boolean;
}

const DEFAULT_WITHIN_MS = 3_600_000;

/** The rule of a policy; `containment.unwitnessed: withhold` stands for one witness. */
export function witnessRule(document: Pick<PolicyDocument, 'containment' | 'witnesses'>): WitnessRule {
  const { containment, witnesses } = document;
  const withhold = containment.unwitnessed === 'withhold';
  return {
    required: Math.max(witnesses?.required ?? 0, withhold ? 1 : 0),
    withinMs: witnesses ? witnesses.withinSeconds * 1000 : DEFAULT_WITHIN_MS,
    withholdTokens: withhold || (witnesses?.withholdTokens ?? false),
  };
}
