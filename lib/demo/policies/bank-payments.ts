import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';
import { DEMO_ATTENTION } from './attention';

type PolicyInput = z.input<typeof policyDocument>;

const TWO_PEOPLE = [
  { role: 'reviewer' as const, count: 1 },
  { role: 'senior_reviewer' as const, count: 1 },
];

/** A bank's payments desk; amounts in €. Instant transfers cannot be recalled, so two people must agree. */
export function bankPayments(transferLimit: string): PolicyInput {
  const amounts = {
    amount: '/action/properties/amount',
    currency: '/action/properties/currency',
    counterparty: '/resource/id',
    counterpartyName: '/resource/properties/name',
  };
  return {
    id: 'bank-payments',
    title: 'Payments desk and customer checks',
    currency: 'EUR',
    grants: [
      {
        name: 'payments',
        agents: ['payments-agent'],
        tools: ['payment.transfer', 'payment.instant', 'beneficiary.add', 'statement.read'],
      },
      {
        name: 'checks',
        agents: ['kyc-agent'],
        tools: ['kyc.close', 'kyc.request-document', 'statement.read'],
      },
    ],
    tools: [
      {
        name: 'payment.transfer',
        tier: 'bounded',
        category: 'transfer',
        verb: 'transfer',
        preposition: 'to',
        ...amounts,
      },
      {
        name: 'payment.instant',
        tier: 'unbounded',
        category: 'instant',
        verb: 'send an instant payment of',
        preposition: 'to',
        ...amounts,
      },
      {
        name: 'beneficiary.add',
        tier: 'bounded',
        category: 'beneficiary',
        verb: 'add as a beneficiary',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'statement.read',
        tier: 'reversible',
        category: 'reading',
        verb: 'read the statement',
        preposition: 'of',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'kyc.close',
        tier: 'reversible',
        category: 'check',
        verb: 'close the customer check as passed',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'kyc.request-document',
        tier: 'reversible',
        category: 'check',
        verb: 'ask for another document',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
    ],
    budgets: [
      {
        name: 'account-day-value',
        measure: 'value',
        per: 'principal',
        tools: ['payment.transfer', 'payment.instant'],
        window: 'P1D',
        limit: '60000',
        currency: 'EUR',
        over: 'escalate',
        quorum: [{ role: 'senior_reviewer', count: 1 }],
      },
      {
        name: 'account-hour-velocity',
        measure: 'velocity',
        per: 'principal',
        tools: ['payment.transfer', 'payment.instant'],
        window: 'PT1H',
        limit: '8',
        over: 'escalate',
      },
      {
        name: 'account-day-volume',
        measure: 'volume',
        per: 'principal',
        tools: ['payment.transfer', 'payment.instant'],
        window: 'P1D',
        limit: '25',
        over: 'refuse',
      },
    ],
    tiers: [
      { tier: 'reversible', needs: 'nothing' },
      { tier: 'bounded', needs: 'nothing' },
      { tier: 'unbounded', needs: 'review', quorum: TWO_PEOPLE },
    ],
    thresholds: [
      {
        name: 'transfer-limit',
        tools: ['payment.transfer'],
        on: { kind: 'per-action', above: transferLimit, currency: 'EUR' },
        then: 'escalate',
      },
      {
        name: 'new-beneficiary',
        tools: ['payment.transfer', 'payment.instant'],
        on: { kind: 'new-beneficiary', window: 'P90D', above: '2500', currency: 'EUR' },
        then: 'escalate',
      },
      {
        name: 'beneficiary-needs-review',
        tools: ['beneficiary.add'],
        on: { kind: 'always' },
        then: 'escalate',
      },
      {
        name: 'month-total',
        tools: ['payment.transfer'],
        on: { kind: 'cumulative', per: 'principal', window: 'P30D', above: '900000', currency: 'EUR' },
        then: 'escalate',
      },
      {
        name: 'document-score',
        tools: ['kyc.close'],
        on: { kind: 'value-below', pointer: '/context/document_score', below: '0.70' },
        then: 'escalate',
      },
      {
        name: 'sanctions-screening',
        tools: ['payment.transfer', 'payment.instant', 'beneficiary.add'],
        on: { kind: 'value-not-in', pointer: '/context/screening', values: ['clear', 'pending'] },
        then: 'refuse',
      },
      {
        name: 'screening-pending',
        tools: ['payment.transfer', 'payment.instant', 'beneficiary.add'],
        on: { kind: 'value-not-in', pointer: '/context/screening', values: ['clear', 'hit'] },
        then: 'defer',
      },
      {
        name: 'known-runtime',
        tools: ['*'],
        on: { kind: 'unknown-runtime', known: ['payments-runtime-4', 'kyc-runtime-1'] },
        then: 'refuse',
      },
    ],
    containment: { stateUnavailable: 'refuse', unwitnessed: 'issue' },
    review: {
      quorum: [{ role: 'reviewer', count: 1 }],
      waitMinutes: 60,
      tokenMinutes: 10,
      requiredSections: { bounded: ['action', 'why'], unbounded: ['action', 'why', 'seen', 'history'] },
      minimumActiveMs: { bounded: 5_000, unbounded: 15_000 },
      escalateAfterMinutes: 20,
      breakGlass: { enabled: true, minutes: 15, tiers: ['bounded'], relaxes: ['limits', 'hours', 'senior'] },
      attention: DEMO_ATTENTION,
    },
  };
}
