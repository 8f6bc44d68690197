import type { DelegationReason, DelegationView } from '@/lib/identity/delegation-requests';

export const DELEGATION_REASON_WORDS: Record<DelegationReason, string> = {
  leave: 'On leave',
  illness: 'Ill',
  travel: 'Travelling',
  training: 'In training',
  workload: 'Too much work',
  other: 'Another reason',
};

export const DELEGATION_STATE_WORDS: Record<DelegationView['state'], string> = {
  coming: 'not yet in force',
  in_force: 'in force',
  ended: 'ended by itself',
  revoked: 'ended early',
};
