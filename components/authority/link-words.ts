import type { PersonLinkKind } from '@/lib/identity/person-requests';

export const LINK_WORDS: Record<PersonLinkKind, string> = {
  person: 'Another account',
  subject: 'A customer, patient or other subject',
  agent: 'An agent they own',
  producer: 'A producer or gateway they run',
};
