import type { PolicyDocument } from './policy-document';

/** What a policy wants of the log's outside witnesses. */
export interface WitnessRule {
  /** Distinct authorities; 0 wants none. */
  required: number;
  withinMs: number;
  withholdTokens: boolean;
}

/** Of a policy that says nothing about witnesses, and where none is in force. */
export const DEFAULT_WITNESS_RULE: WitnessRule = { required: 0, withinMs: 3_600_000, withholdTokens: false };

/** The rule of a policy; `containment.unwitnessed: withhold` stands for one witness. */
export function witnessRule(document: Pick<PolicyDocument, 'containment' | 'witnesses'>): WitnessRule {
  const { containment, witnesses } = document;
  const withhold = containment.unwitnessed === 'withhold';
  return {
    required: Math.max(witnesses?.required ?? 0, withhold ? 1 : 0),
    withinMs: witnesses ? witnesses.withinSeconds * 1000 : DEFAULT_WITNESS_RULE.withinMs,
    withholdTokens: withhold || (witnesses?.withholdTokens ?? false),
  };
}
