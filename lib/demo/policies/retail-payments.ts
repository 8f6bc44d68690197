import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';
import { DEMO_ATTENTION } from './attention';

type PolicyInput = z.input<typeof policyDocument>;

const ONE_REVIEWER = [{ role: 'reviewer' as const, count: 1 }];

/** The card-linked assistant's perimeter; amounts in ₹. `newMerchantLimit` is what the demo's change 1 lowers. */
export function retailPayments(newMerchantLimit: string): PolicyInput {
  return {
    id: 'retail-payments',
    title: 'Purchases and refunds by assistants',
    currency: 'INR',
    grants: [
      {
        name: 'purchases',
        agents: ['purchase-assistant'],
        tools: ['payment.create', 'coupon.apply', 'giftcard.buy', 'subscription.cancel'],
      },
      { name: 'refunds', agents: ['refunds-agent'], tools: ['refund.create', 'credit.grant'] },
    ],
    tools: [
      {
        name: 'payment.create',
        tier: 'bounded',
        category: 'purchase',
        verb: 'pay',
        preposition: 'to',
        amount: '/action/properties/amount',
        currency: '/action/properties/currency',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'giftcard.buy',
        tier: 'bounded',
        category: 'giftcard',
        verb: 'buy a gift card of',
        preposition: 'from',
        amount: '/action/properties/amount',
        currency: '/action/properties/currency',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'coupon.apply',
        tier: 'reversible',
        category: 'coupon',
        verb: 'apply coupon',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'subscription.cancel',
        tier: 'reversible',
        category: 'subscription',
        verb: 'cancel the subscription',
        preposition: 'with',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'refund.create',
        tier: 'bounded',
        category: 'refund',
        verb: 'refund',
        preposition: 'on',
        amount: '/action/properties/amount',
        currency: '/action/properties/currency',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
      {
        name: 'credit.grant',
        tier: 'reversible',
        category: 'credit',
        verb: 'credit',
        preposition: 'on',
        amount: '/action/properties/amount',
        currency: '/action/properties/currency',
        counterparty: '/resource/id',
        counterpartyName: '/resource/properties/name',
      },
    ],
    budgets: [
      {
        name: 'customer-day-value',
        measure: 'value',
        per: 'principal',
        tools: ['payment.create', 'giftcard.buy'],
        window: 'P1D',
        limit: '25000',
        currency: 'INR',
        over: 'escalate',
      },
      {
        name: 'customer-hour-velocity',
        measure: 'velocity',
        per: 'principal',
        tools: ['payment.create', 'giftcard.buy'],
        window: 'PT1H',
        limit: '6',
        over: 'escalate',
      },
      {
        name: 'customer-day-volume',
        measure: 'volume',
        per: 'principal',
        tools: ['payment.create', 'giftcard.buy'],
        window: 'P1D',
        limit: '10',
        over: 'refuse',
      },
      {
        name: 'refund-day-value',
        measure: 'value',
        per: 'principal',
        tools: ['refund.create', 'credit.grant'],
        window: 'P1D',
        limit: '8000',
        currency: 'INR',
        over: 'escalate',
      },
    ],
    tiers: [
      { tier: 'reversible', needs: 'nothing' },
      { tier: 'bounded', needs: 'nothing' },
      { tier: 'unbounded', needs: 'review', quorum: [{ role: 'senior_reviewer', count: 1 }] },
    ],
    thresholds: [
      {
        name: 'first-time-merchant',
        tools: ['payment.create'],
        on: { kind: 'new-beneficiary', window: 'P90D', above: newMerchantLimit, currency: 'INR' },
        then: 'escalate',
      },
      {
        name: 'single-refund',
        tools: ['refund.create'],
        on: { kind: 'per-action', above: '6000', currency: 'INR' },
        then: 'escalate',
      },
      {
        name: 'merchant-week-total',
        tools: ['payment.create'],
        on: { kind: 'per-counterparty', window: 'P7D', above: '250000', currency: 'INR' },
        then: 'escalate',
      },
      {
        name: 'category-burst',
        tools: ['payment.create', 'giftcard.buy', 'coupon.apply'],
        on: { kind: 'cross-category-burst', window: 'PT1H', categories: 3 },
        then: 'escalate',
      },
      {
        name: 'prompt-injection',
        tools: ['payment.create', 'giftcard.buy'],
        on: { kind: 'value-above', pointer: '/context/injection_score', above: '0.80' },
        then: 'refuse',
      },
      {
        name: 'known-runtime',
        tools: ['*'],
        on: { kind: 'unknown-runtime', known: ['checkout-runtime-7', 'support-runtime-2'] },
        then: 'refuse',
      },
      {
        name: 'merchant-risk-missing',
        tools: ['giftcard.buy'],
        on: { kind: 'value-not-in', pointer: '/context/merchant_risk', values: ['low', 'medium'] },
        then: 'defer',
      },
    ],
    containment: { stateUnavailable: 'defer', unwitnessed: 'issue' },
    review: {
      quorum: ONE_REVIEWER,
      waitMinutes: 45,
      tokenMinutes: 10,
      requiredSections: { bounded: ['action', 'why'], unbounded: ['action', 'why', 'seen', 'history'] },
      minimumActiveMs: { bounded: 5_000, unbounded: 15_000 },
      attention: DEMO_ATTENTION,
    },
  };
}
