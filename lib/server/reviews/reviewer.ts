import type { Viewer } from '@/lib/identity/viewer';

/** What a verb needs to know of the person who acts: who, where, and as what (roles of that tenant, read just now). */
export type Reviewer = Pick<Viewer, 'person' | 'tenant' | 'roles'>;
