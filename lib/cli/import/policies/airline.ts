import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';

const READS = [
  'get_reservation_details',
  'get_user_details',
  'search_direct_flight',
  'search_onestop_flight',
  'list_all_airports',
  'calculate',
  'think',
  'transfer_to_human_agents',
];

/** An airline's service agent: small changes go through; cancelling, compensation and dear bookings wait for a person. */
export const airlinePolicy: z.input<typeof policyDocument> = {
  id: 'airline-service',
  title: 'Airline reservations agent',
  currency: 'USD',
  grants: [
    { name: 'reading', agents: ['*'], tools: READS },
    {
      name: 'writing',
      agents: ['*'],
      tools: [
        'book_reservation',
        'cancel_reservation',
        'update_reservation_flights',
        'update_reservation_baggages',
        'update_reservation_passengers',
        'send_certificate',
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
    {
      name: 'book_reservation',
      tier: 'bounded',
      category: 'booking',
      verb: 'book a trip for',
      amount: '/action/properties/total',
      defaultCurrency: 'USD',
    },
    {
      name: 'cancel_reservation',
      tier: 'bounded',
      category: 'cancellation',
      verb: 'cancel reservation',
      counterpartyName: '/action/properties/reservation_id',
    },
    {
      name: 'update_reservation_flights',
      tier: 'bounded',
      category: 'change',
      verb: 'change the flights of',
      counterpartyName: '/action/properties/reservation_id',
    },
    {
      name: 'update_reservation_baggages',
      tier: 'bounded',
      category: 'change',
      verb: 'change the bags of',
      counterpartyName: '/action/properties/reservation_id',
    },
    {
      name: 'update_reservation_passengers',
      tier: 'bounded',
      category: 'change',
      verb: 'change the passengers of',
      counterpartyName: '/action/properties/reservation_id',
    },
    {
      name: 'send_certificate',
      tier: 'bounded',
      category: 'compensation',
      verb: 'send a certificate of',
      amount: '/action/properties/amount',
      defaultCurrency: 'USD',
    },
  ],
  budgets: [
    {
      name: 'changes-a-day',
      measure: 'volume',
      per: 'principal',
      tools: ['update_reservation_flights', 'update_reservation_baggages'],
      window: 'P1D',
      limit: '3',
      over: 'escalate',
    },
  ],
  tiers: [
    { tier: 'reversible', needs: 'nothing' },
    { tier: 'bounded', needs: 'nothing' },
    { tier: 'unbounded', needs: 'review' },
  ],
  thresholds: [
    { name: 'cancellation', tools: ['cancel_reservation'], on: { kind: 'always' }, then: 'escalate' },
    {
      name: 'passenger-change',
      tools: ['update_reservation_passengers'],
      on: { kind: 'always' },
      then: 'escalate',
    },
    {
      name: 'compensation',
      tools: ['send_certificate'],
      on: { kind: 'per-action', above: '100', currency: 'USD' },
      then: 'escalate',
    },
    {
      name: 'dear-booking',
      tools: ['book_reservation'],
      on: { kind: 'per-action', above: '1000', currency: 'USD' },
      then: 'escalate',
    },
  ],
  containment: { stateUnavailable: 'refuse' },
  review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 60, tokenMinutes: 10 },
};
