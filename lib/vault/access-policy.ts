import * as z from 'zod';

/** What a person may ask of the vault and of what is kept beside records. */
export const REQUEST_KINDS = ['find', 'reveal', 'payload', 'release', 'erase'] as const;
export const requestKind = z.enum(REQUEST_KINDS);
export type RequestKind = z.infer<typeof requestKind>;

export const REQUEST_KIND_NAMES: Record<RequestKind, string> = {
  find: 'Find the token of an identifier',
  reveal: 'Show the identifier behind a token',
  payload: 'Read the contents of a decision',
  release: 'Release a legal hold',
  erase: 'Erase a subject',
};

/** Which looks need a second person. Releasing a hold, erasing, and an auditor's reading of contents always do. */
export const accessPolicy = z.strictObject({
  findNeedsSecond: z.boolean(),
  revealNeedsSecond: z.boolean(),
});
export type AccessPolicy = z.infer<typeof accessPolicy>;

/** In force until data protection sets another, as version 0. */
export const DEFAULT_ACCESS_POLICY: AccessPolicy = { findNeedsSecond: false, revealNeedsSecond: true };

/** How long a request waits for a second person, and a granted one for being taken up. */
export const REQUEST_WAITS_MS = 24 * 3_600_000;
export const GRANT_LASTS_MS = 3_600_000;

/** Whether somebody else must grant it first. */
export function needsSecondPerson(policy: AccessPolicy, kind: RequestKind): boolean {
  if (kind === 'find') return policy.findNeedsSecond;
  if (kind === 'reveal') return policy.revealNeedsSecond;
  return true;
}

export type RequestState = 'pending' | 'granted' | 'refused' | 'used' | 'expired';

/** The state of a request as of `nowMs`: what waited or lay granted too long has expired. */
export function requestStateAt(
  request: { state: Exclude<RequestState, 'expired'>; expiresAtMs: number },
  nowMs: number,
): RequestState {
  const open = request.state === 'pending' || request.state === 'granted';
  return open && request.expiresAtMs <= nowMs ? 'expired' : request.state;
}

/** One sentence for a `change` record's summary; empty when nothing changed. */
export function describePolicyChange(before: AccessPolicy, after: AccessPolicy): string[] {
  const words = (needs: boolean) => (needs ? 'with a second person' : 'alone');
  const lines: string[] = [];
  if (before.findNeedsSecond !== after.findNeedsSecond)
    lines.push(
      `finding a token: ${words(before.findNeedsSecond)} before, ${words(after.findNeedsSecond)} now`,
    );
  if (before.revealNeedsSecond !== after.revealNeedsSecond)
    lines.push(
      `showing an identifier: ${words(before.revealNeedsSecond)} before, ${words(after.revealNeedsSecond)} now`,
    );
  return lines;
}
