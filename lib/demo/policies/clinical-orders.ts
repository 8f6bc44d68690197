import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';
import { DEMO_ATTENTION } from './attention';

type PolicyInput = z.input<typeof policyDocument>;

/** The ward's perimeter: an agent may watch, request and prepare; what reaches the patient needs a clinician. */
export function clinicalOrders(confidenceFloor: string): PolicyInput {
  return {
    id: 'clinical-orders',
    title: 'Sepsis triage: orders and requests',
    currency: 'EUR',
    grants: [
      { name: 'watching', agents: ['vitals-watch'], tools: ['alert.raise', 'observation.request'] },
      {
        name: 'triage',
        agents: ['sepsis-triage'],
        tools: ['order.bundle', 'order.antibiotic', 'bed.request', 'lab.request', 'alert.raise'],
      },
    ],
    tools: [
      {
        name: 'alert.raise',
        tier: 'reversible',
        category: 'alert',
        verb: 'raise a sepsis alert',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'observation.request',
        tier: 'reversible',
        category: 'observation',
        verb: 'request observations',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'lab.request',
        tier: 'reversible',
        category: 'lab',
        verb: 'request lactate and cultures',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'bed.request',
        tier: 'reversible',
        category: 'bed',
        verb: 'request a high-dependency bed',
        preposition: 'from',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'order.bundle',
        tier: 'bounded',
        category: 'order',
        verb: 'order the sepsis bundle',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'order.antibiotic',
        tier: 'unbounded',
        category: 'order',
        verb: 'order broad-spectrum antibiotics',
        preposition: 'on',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
    ],
    budgets: [
      {
        name: 'ward-shift-bundles',
        measure: 'volume',
        per: 'agent',
        tools: ['order.bundle'],
        window: 'P1D',
        limit: '24',
        over: 'escalate',
        quorum: [{ role: 'senior_reviewer', count: 1 }],
      },
      {
        name: 'alerts-per-hour',
        measure: 'volume',
        per: 'principal',
        tools: ['alert.raise'],
        window: 'PT1H',
        limit: '6',
        over: 'refuse',
      },
    ],
    tiers: [
      { tier: 'reversible', needs: 'nothing' },
      { tier: 'bounded', needs: 'review', quorum: [{ role: 'reviewer', count: 1 }] },
      { tier: 'unbounded', needs: 'review', quorum: [{ role: 'senior_reviewer', count: 1 }] },
    ],
    thresholds: [
      {
        name: 'sepsis-confidence',
        tools: ['order.bundle', 'order.antibiotic'],
        on: { kind: 'value-below', pointer: '/context/confidence', below: confidenceFloor },
        then: 'escalate',
        quorum: [{ role: 'senior_reviewer', count: 1 }],
      },
      {
        name: 'vitals-stale',
        tools: ['order.bundle', 'order.antibiotic', 'bed.request'],
        on: { kind: 'value-not-in', pointer: '/context/vitals', values: ['fresh'] },
        then: 'defer',
      },
      {
        name: 'allergy-recorded',
        tools: ['order.antibiotic'],
        on: { kind: 'value-not-in', pointer: '/context/allergies', values: ['none-recorded', 'compatible'] },
        then: 'refuse',
      },
    ],
    containment: { stateUnavailable: 'defer', unwitnessed: 'issue' },
    review: {
      quorum: [{ role: 'reviewer', count: 1 }],
      waitMinutes: 30,
      tokenMinutes: 10,
      requiredSections: { bounded: ['action', 'why'], unbounded: ['action', 'why', 'seen', 'history'] },
      minimumActiveMs: { bounded: 5_000, unbounded: 15_000 },
      attention: DEMO_ATTENTION,
    },
  };
}
