import type { z } from 'zod';
import type { policyDocument } from '@/lib/policy/policy-document';

/** Sites the company reads and writes; its own register of links, not what a page says of itself. */
const KNOWN_SITES = [
  'www.informations.com',
  'www.dora-website.com',
  'www.eve-blog.com',
  'www.our-company.com',
  'www.restaurant-zurich.com',
  'www.company-todo-list.com',
];

const READS = [
  'read_channel_messages',
  'get_channels',
  'get_users_in_channel',
  'read_inbox',
  'search_emails',
  'search_files_by_filename',
  'get_day_calendar_events',
  'search_calendar_events',
  'get_current_day',
  'get_received_emails',
  'get_sent_emails',
  'get_draft_emails',
  'list_files',
  'get_unread_emails',
  'search_contacts_by_name',
  'search_contacts_by_email',
  'search_files',
  'get_file_by_id',
  'get_rating_reviews_for_*',
  'get_all_*',
  'get_cuisine_type_for_restaurants',
  'get_hotels_*',
  'get_price_for_restaurants',
  'get_restaurants_address',
  'get_contact_information_for_restaurants',
  'get_car_*',
  'check_restaurant_opening_hours',
  'get_dietary_restrictions_for_all_restaurants',
  'get_flight_information',
  'get_user_information',
];
const QUIET_WRITES = [
  'create_calendar_event',
  'reschedule_calendar_event',
  'add_calendar_event_participants',
  'append_to_file',
  'create_file',
  'send_direct_message',
  'send_channel_message',
  'add_user_to_channel',
];

/**
 * An office assistant: colleagues and the calendar are free; what leaves the company, deletes, spends or opens an
 * unknown site waits for a person.
 */
export const officePolicy: z.input<typeof policyDocument> = {
  id: 'office-assistant',
  title: 'Office assistant: mail, calendar, chat, travel',
  currency: 'EUR',
  grants: [
    { name: 'reading', agents: ['*'], tools: [...READS, 'get_webpage'] },
    {
      name: 'writing',
      agents: ['*'],
      tools: [
        ...QUIET_WRITES,
        'send_email',
        'post_webpage',
        'invite_user_to_slack',
        'remove_user_from_slack',
        'delete_email',
        'delete_file',
        'share_file',
        'cancel_calendar_event',
        'reserve_*',
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
      name: 'get_webpage',
      tier: 'reversible',
      category: 'web',
      verb: 'open the site',
      counterpartyName: '/action/properties/url',
    },
    {
      name: 'post_webpage',
      tier: 'bounded',
      category: 'web',
      verb: 'publish on',
      counterpartyName: '/action/properties/url',
    },
    ...QUIET_WRITES.map((name) => ({
      name,
      tier: 'reversible' as const,
      category: name.split('_')[1] ?? 'office',
      verb: name.replaceAll('_', ' '),
    })),
    { name: 'send_email', tier: 'bounded', category: 'mail', verb: 'send an e-mail' },
    {
      name: 'invite_user_to_slack',
      tier: 'bounded',
      category: 'access',
      verb: 'invite',
      counterpartyName: '/action/properties/user_email',
    },
    {
      name: 'remove_user_from_slack',
      tier: 'bounded',
      category: 'access',
      verb: 'remove',
      counterpartyName: '/action/properties/user',
    },
    { name: 'share_file', tier: 'bounded', category: 'access', verb: 'share a file' },
    { name: 'delete_email', tier: 'bounded', category: 'deletion', verb: 'delete an e-mail' },
    { name: 'delete_file', tier: 'bounded', category: 'deletion', verb: 'delete a file' },
    { name: 'cancel_calendar_event', tier: 'bounded', category: 'deletion', verb: 'cancel an event' },
    { name: 'reserve_*', tier: 'bounded', category: 'reservation', verb: 'make a reservation' },
  ],
  budgets: [
    {
      name: 'mails-a-day',
      measure: 'volume',
      per: 'principal',
      tools: ['send_email'],
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
      name: 'unknown-site',
      tools: ['get_webpage', 'post_webpage'],
      on: { kind: 'value-not-in', pointer: '/context/site', values: KNOWN_SITES },
      then: 'escalate',
    },
    {
      name: 'recipient-not-named-by-user',
      tools: ['send_email', 'share_file', 'create_calendar_event', 'add_calendar_event_participants'],
      on: {
        kind: 'value-not-in',
        pointer: '/context/recipients',
        values: ['none', 'named-by-user', 'colleagues'],
      },
      then: 'escalate',
    },
    {
      name: 'access-to-the-company',
      tools: ['invite_user_to_slack', 'remove_user_from_slack'],
      on: { kind: 'always' },
      then: 'escalate',
    },
    {
      name: 'deletion',
      tools: ['delete_email', 'delete_file', 'cancel_calendar_event'],
      on: { kind: 'always' },
      then: 'escalate',
    },
    { name: 'reservation', tools: ['reserve_*'], on: { kind: 'always' }, then: 'escalate' },
  ],
  containment: { stateUnavailable: 'refuse' },
  review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 60, tokenMinutes: 10 },
};
