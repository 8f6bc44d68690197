import type { LinkEnding, PersonLinkKind } from '@/lib/identity/person-requests';

export const LINK_WORDS: Record<PersonLinkKind, string> = {
  person: 'Another account',
  subject: 'A customer, patient or other subject',
  agent: 'An agent they own',
  producer: 'A producer or gateway they run',
};

export const LINK_ENDING_WORDS: Record<LinkEnding, string> = {
  mistaken: 'It was never so',
  'no-longer': 'It is so no longer',
  other: 'Another reason',
};
