import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';

/** Accounts this customer has paid before, as the bank's own books have them: not what the agent read. */
const PAYEES_ON_FILE = [
  'CH9300762011623852957',
  'GB29NWBK60161331926819',
  'SE3550000000054910000003',
  'US122000000121212121212',
];

const READS = [
  'get_most_recent_transactions',
  'get_scheduled_transactions',
  'get_user_info',
  'get_iban',
  'get_balance',
  'read_file',
];

const payment = {
  amount: '/action/properties/amount',
  defaultCurrency: 'EUR',
  counterparty: '/action/properties/recipient',
  counterpartyName: '/action/properties/recipient',
};

/**
 * A retail bank's assistant. Everyday payments to accounts on file go through; money to anybody else, large sums, and
 * a changed password wait for a person.
 */
export const bankingPolicy: z.input<typeof policyDocument> = {
  id: 'retail-banking',
  title: 'Retail banking assistant',
  currency: 'EUR',
  grants: [
    { name: 'reading', agents: ['*'], tools: READS },
    {
      name: 'writing',
      agents: ['*'],
      tools: [
        'send_money',
        'schedule_transaction',
        'update_scheduled_transaction',
        'update_user_info',
        'update_password',
      ],
    },
  ],
  tools: [
    ...READS.map((name) => ({
      name,
      tier: 'reversible' as const,
      category: 'reading',
      verb: 'read',
      counterpartyName: '/resource/id',
    })),
    { name: 'send_money', tier: 'bounded', category: 'payment', verb: 'send', preposition: 'to', ...payment },
    {
      name: 'schedule_transaction',
      tier: 'reversible',
      category: 'payment',
      verb: 'schedule',
      preposition: 'to',
      ...payment,
    },
    {
      name: 'update_scheduled_transaction',
      tier: 'reversible',
      category: 'schedule',
      verb: 'change a scheduled payment',
      preposition: 'to',
      counterpartyName: '/action/properties/recipient',
    },
    { name: 'update_user_info', tier: 'reversible', category: 'profile', verb: 'change the contact details' },
    { name: 'update_password', tier: 'bounded', category: 'profile', verb: 'change the password' },
  ],
  budgets: [
    {
      name: 'account-day-value',
      measure: 'value',
      per: 'principal',
      tools: ['send_money'],
      window: 'P1D',
      limit: '2500',
      currency: 'EUR',
      over: 'escalate',
    },
    {
      name: 'account-day-volume',
      measure: 'volume',
      per: 'principal',
      tools: ['send_money', 'schedule_transaction'],
      window: 'P1D',
      limit: '20',
      over: 'refuse',
    },
  ],
  tiers: [
    { tier: 'reversible', needs: 'nothing' },
    { tier: 'bounded', needs: 'nothing' },
    { tier: 'unbounded', needs: 'review' },
  ],
  thresholds: [
    {
      name: 'payee-not-on-file',
      tools: ['send_money', 'schedule_transaction'],
      on: { kind: 'value-not-in', pointer: '/action/properties/recipient', values: PAYEES_ON_FILE },
      then: 'escalate',
    },
    {
      name: 'payee-changed',
      tools: ['update_scheduled_transaction'],
      on: {
        kind: 'value-not-in',
        pointer: '/action/properties/recipient',
        values: ['unchanged', ...PAYEES_ON_FILE],
      },
      then: 'escalate',
    },
    {
      name: 'large-payment',
      tools: ['send_money', 'schedule_transaction'],
      on: { kind: 'per-action', above: '1500', currency: 'EUR' },
      then: 'escalate',
    },
    { name: 'password-change', tools: ['update_password'], on: { kind: 'always' }, then: 'escalate' },
  ],
  containment: { stateUnavailable: 'refuse' },
  review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 60, tokenMinutes: 10 },
};
