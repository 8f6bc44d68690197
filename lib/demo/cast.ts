import type { Role } from '@/lib/escalations/escalation-view';
import type { Authority } from '@/lib/identity/authority';

export const DEMO_TENANTS = [
  { id: 'lumen-cards', name: 'Lumen Cards' },
  { id: 'st-brigid', name: 'St Brigid Hospital' },
  { id: 'harbour-bank', name: 'Harbour Bank' },
] as const;
export type DemoTenant = (typeof DEMO_TENANTS)[number]['id'];

export interface CastMember {
  email: string;
  name: string;
  seats: {
    tenant: DemoTenant;
    role: Role;
    authority?: Pick<Authority, 'maxTier'> & Partial<Authority>;
  }[];
}

const everywhere = (role: Role): CastMember['seats'] => DEMO_TENANTS.map(({ id }) => ({ tenant: id, role }));

export const DEMO_CAST: readonly CastMember[] = [
  {
    email: 'meera@demo.example',
    name: 'Meera Iyer',
    seats: [
      {
        tenant: 'lumen-cards',
        role: 'reviewer',
        authority: { maxTier: 'bounded', limits: [{ amount: '100000', currency: 'INR' }] },
      },
    ],
  },
  {
    email: 'priya@demo.example',
    name: 'Priya Raman',
    seats: [
      {
        tenant: 'lumen-cards',
        role: 'senior_reviewer',
        authority: { maxTier: 'unbounded', limits: [{ amount: '500000', currency: 'INR' }] },
      },
      {
        tenant: 'harbour-bank',
        role: 'reviewer',
        authority: { maxTier: 'unbounded', limits: [{ amount: '100000', currency: 'EUR' }] },
      },
    ],
  },
  {
    email: 'jonas@demo.example',
    name: 'Jonas Halloran',
    seats: [
      {
        tenant: 'harbour-bank',
        role: 'senior_reviewer',
        authority: {
          maxTier: 'unbounded',
          limits: [
            { amount: '250000', currency: 'EUR' },
            { amount: '200000', currency: 'USD' },
          ],
        },
      },
    ],
  },
  {
    email: 'anand@demo.example',
    name: 'Dr Anand Rao',
    seats: [{ tenant: 'st-brigid', role: 'senior_reviewer', authority: { maxTier: 'unbounded' } }],
  },
  {
    email: 'lucia@demo.example',
    name: 'Lucía Ferrer',
    seats: [{ tenant: 'st-brigid', role: 'reviewer', authority: { maxTier: 'bounded' } }],
  },
  { email: 'sofia@demo.example', name: 'Sofia Lindqvist', seats: everywhere('compliance') },
  { email: 'nadia@demo.example', name: 'Nadia Haddad', seats: everywhere('data_protection') },
  { email: 'tomas@demo.example', name: 'Tomás Ortega', seats: everywhere('auditor') },
  { email: 'ada@demo.example', name: 'Ada Okafor', seats: everywhere('admin') },
];
