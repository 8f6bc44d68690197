import { DECIDING_ROLES } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import type { NoticeAbout } from '@/lib/notifications/notice';
import type { NoticeKind } from '@/lib/notifications/notification-kinds';
import type { Tx } from '../database/transaction';
import { findEscalation } from '../escalations/escalation-record';
import { findEligibility } from '../reviews/find-eligibility';

/** Whom a kind is for when the notice names nobody: roles, those who may decide, or who answers for the agent. */
const AUDIENCES: Readonly<Record<NoticeKind, readonly Role[] | 'deciders' | 'owners'>> = {
  'escalation.new': 'deciders',
  'escalation.reminder': 'deciders',
  'escalation.further': 'deciders',
  'claim.lapsed': [],
  'information.requested': 'owners',
  'information.answered': [],
  'escalation.expired': ['senior_reviewer'],
  'break-glass': ['senior_reviewer', 'compliance', 'auditor'],
  alert: ['senior_reviewer', 'compliance'],
  test: [],
  'task.changed': [],
};

interface Member {
  person: string;
  name: string;
  email: string;
  roles: Role[];
}

/** Ids of the people to write to; each is a member of the organisation whose account is not disabled. */
export async function findAudience(
  tx: Tx,
  notice: { tenant: string; kind: NoticeKind; ref: string; about: NoticeAbout },
  nowMs: number,
): Promise<string[]> {
  const members = await listMembers(tx, notice.tenant);
  const { persons, roles, agent } = notice.about;
  if (persons) return members.filter(({ person }) => persons.includes(person)).map(({ person }) => person);
  const audience = roles ?? AUDIENCES[notice.kind];
  if (audience === 'deciders') return listDeciders(tx, notice, members, nowMs);
  if (audience === 'owners') return listOwners(tx, notice.tenant, agent, members);
  return members
    .filter((member) => audience.some((role) => member.roles.includes(role)))
    .map(({ person }) => person);
}

async function listMembers(tx: Tx, tenant: string): Promise<Member[]> {
  const rows = await tx.query<Member>(
    `SELECT p.id AS person, p.name, p.email, array_agg(m.role) AS roles
       FROM memberships m JOIN people p ON p.id = m.person
      WHERE m.tenant = $1 AND p.disabled_at IS NULL GROUP BY p.id ORDER BY p.id`,
    [tenant],
  );
  return rows.rows;
}

/** Those who may decide it now, by the very rule that the verdict is held to. */
async function listDeciders(
  tx: Tx,
  { tenant, ref }: { tenant: string; ref: string },
  members: Member[],
  nowMs: number,
): Promise<string[]> {
  const escalation = await findEscalation(tx, { tenant, id: ref });
  if (!escalation) return [];
  const deciders: string[] = [];
  for (const { person, name, email, roles } of members) {
    if (!DECIDING_ROLES.some((role) => roles.includes(role))) continue;
    const viewer = {
      person: { id: person, name, email },
      tenant: { id: tenant, name: tenant, demo: false },
      roles,
    };
    const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
    if (may.ok) deciders.push(person);
  }
  return deciders;
}

/** An agent's owners are the people whom an administrator linked to it. */
async function listOwners(
  tx: Tx,
  tenant: string,
  agent: string | null,
  members: Member[],
): Promise<string[]> {
  if (agent === null) return [];
  const links = await tx.query<{ person: string }>(
    "SELECT person FROM person_links WHERE tenant = $1 AND kind = 'agent' AND value = $2 AND ended_at IS NULL",
    [tenant, agent],
  );
  return members
    .filter(({ person }) => links.rows.some((link) => link.person === person))
    .map(({ person }) => person);
}
