import { describe, expect, it } from 'vitest';
import type { Quorum, Role } from '@/lib/escalations/escalation-view';
import { type Approver, decideQuorum, roleToDecide } from '@/lib/escalations/quorum';

const one: Quorum = [{ role: 'reviewer', count: 1 }];
const both: Quorum = [
  { role: 'reviewer', count: 1 },
  { role: 'senior_reviewer', count: 1 },
];
const by = (...roles: Role[]): Approver[] => roles.map((role, index) => ({ person: `per_${index}`, role }));

describe('decideQuorum', () => {
  it.each([
    ['one reviewer', one, by('reviewer'), 1, true],
    ['a senior in a reviewer’s place', one, by('senior_reviewer'), 1, true],
    ['nobody', one, [], 0, false],
    ['reviewer and senior', both, by('reviewer', 'senior_reviewer'), 2, true],
    ['senior first, then reviewer', both, by('senior_reviewer', 'reviewer'), 2, true],
    ['two seniors', both, by('senior_reviewer', 'senior_reviewer'), 2, true],
    ['two reviewers do not make a senior', both, by('reviewer', 'reviewer'), 1, false],
    ['three reviewers do not either', both, by('reviewer', 'reviewer', 'reviewer'), 1, false],
    ['an administrator fills nothing', one, by('admin'), 0, false],
    ['an auditor and a compliance officer fill nothing', one, by('auditor', 'compliance'), 0, false],
    ['more than needed', one, by('reviewer', 'reviewer'), 1, true],
  ] as [string, Quorum, Approver[], number, boolean][])('%s', (_, quorum, approvers, approvals, reached) => {
    expect(decideQuorum(quorum, approvers)).toMatchObject({ approvals, reached });
  });

  it('counts people and not sessions: one person with two roles fills one place', () => {
    const twice: Approver[] = [
      { person: 'per_1', role: 'reviewer' },
      { person: 'per_1', role: 'senior_reviewer' },
    ];
    expect(decideQuorum(both, twice)).toMatchObject({ approvals: 1, reached: false });
  });

  it('never passes without places', () => {
    expect(decideQuorum([], by('senior_reviewer'))).toEqual({ approvals: 0, needed: 0, reached: false });
  });
});

describe('roleToDecide', () => {
  it.each([
    ['a reviewer for a reviewer’s place', both, [], ['reviewer'], 'reviewer'],
    ['the graver role first', both, [], ['reviewer', 'senior_reviewer'], 'senior_reviewer'],
    ['only the senior’s place is open', both, by('reviewer'), ['reviewer'], null],
    ['a senior still fills it', both, by('reviewer'), ['senior_reviewer'], 'senior_reviewer'],
    ['a reviewer after a senior', both, by('senior_reviewer'), ['reviewer'], 'reviewer'],
    ['nothing for an administrator', one, [], ['admin', 'auditor', 'compliance'], null],
  ] as [string, Quorum, Approver[], Role[], Role | null][])('%s', (_, quorum, approvers, roles, role) => {
    expect(roleToDecide(quorum, approvers, 'per_new', roles)).toBe(role);
  });
});
