import { type Quorum, ROLES } from '@/lib/escalations/escalation-view';

/**
 * The smallest quorum that satisfies all of them at once. A senior reviewer also fills a reviewer's seat, so "one
 * reviewer" and "one senior reviewer" join to "one senior reviewer", and "two reviewers" and "one senior reviewer" to
 * one of each. An empty list gives an empty quorum.
 */
export function joinQuorums(quorums: readonly Quorum[]): Quorum {
  const counts = new Map<string, number>();
  let seats = 0;
  for (const quorum of quorums) {
    const own = new Map<string, number>();
    for (const { role, count } of quorum) own.set(role, (own.get(role) ?? 0) + count);
    seats = Math.max(seats, (own.get('reviewer') ?? 0) + (own.get('senior_reviewer') ?? 0));
    for (const [role, count] of own) counts.set(role, Math.max(counts.get(role) ?? 0, count));
  }
  counts.set('reviewer', seats - (counts.get('senior_reviewer') ?? 0));
  return ROLES.flatMap((role) => {
    const count = counts.get(role) ?? 0;
    return count > 0 ? [{ role, count }] : [];
  });
}
