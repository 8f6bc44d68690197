import type { z } from 'zod';
import type { Action } from '@/lib/tokens/action';
import { type PolicyDocument, policyDocument } from '../policy-document';

export const PRINCIPAL = { type: 'customer', token: `tok_${'a'.repeat(32)}` };

/** A small payments policy for tests; `overrides` replace whole members. */
export function paymentPolicy(overrides: Partial<z.input<typeof policyDocument>> = {}): PolicyDocument {
  return policyDocument.parse(paymentPolicyInput(overrides));
}

export function paymentPolicyInput(
  overrides: Partial<z.input<typeof policyDocument>> = {},
): z.input<typeof policyDocument> {
  return {
    id: 'payments',
    title: 'Payments',
    currency: 'INR',
    grants: [{ name: 'pay-and-read', agents: ['payments-agent'], tools: ['pay', 'read_*'] }],
    tools: [
      {
        name: 'pay',
        tier: 'bounded',
        category: 'payment',
        verb: 'pay',
        preposition: 'to',
        amount: '/action/properties/amount',
        currency: '/action/properties/currency',
        defaultCurrency: 'INR',
        counterparty: '/action/properties/to',
      },
      { name: 'read_*', tier: 'reversible', category: 'reading', verb: 'read' },
    ],
    budgets: [],
    tiers: [
      { tier: 'reversible', needs: 'nothing' },
      { tier: 'bounded', needs: 'nothing' },
    ],
    thresholds: [],
    containment: { stateUnavailable: 'defer' },
    review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 30, tokenMinutes: 5 },
    ...overrides,
  };
}

/** "payments-agent pays `amount` to acct-1 for a customer". */
export function payment(
  properties: Action['action']['properties'] = { amount: '100.00', to: 'acct-1' },
  overrides: Partial<Action> = {},
): Action {
  return {
    subject: { type: 'agent', id: 'payments-agent' },
    resource: { type: 'account', id: 'acct-1' },
    action: { name: 'pay', properties },
    context: { principal: PRINCIPAL, runtime: 'prod' },
    ...overrides,
  };
}
