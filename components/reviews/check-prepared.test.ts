import { expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import { checkPrepared } from './check-prepared';

const request: DecideRequest = {
  verdict: 'approve',
  reasonCode: 'matches-evidence',
  reasonText: 'The invoice matches.',
  actionDigest: 'A'.repeat(43),
  displayDigest: `sha-256:${'0'.repeat(64)}`,
  instance: 'i',
  version: 1,
};
const about = {
  action_digest: request.actionDigest,
  display_digest: request.displayDigest,
  instance: 'i',
  reason_code: request.reasonCode,
  verdict: 'approve',
};
function prepare(statement: object, text = JSON.stringify(statement)) {
  const challenge = formatBase64url(sha256(utf8(`countersign/review/v1\n${text}`)));
  return { statement: JSON.stringify(statement), options: { challenge }, expiresAt: '' };
}

it('gives the challenge of the statement that the page is about', () => {
  const prepared = prepare(about);
  expect(checkPrepared(prepared, request)).toBe(prepared.options.challenge);
});

it.each([
  ['another action', prepare({ ...about, action_digest: 'B'.repeat(43) })],
  ['another verdict', prepare({ ...about, verdict: 'deny' })],
  ['another ceremony', prepare({ ...about, instance: 'j' })],
  ['something else shown', prepare({ ...about, display_digest: 'x' })],
  ['another reason', prepare({ ...about, reason_code: 'other' })],
  ['the challenge of another statement', prepare(about, '{}')],
  ['no statement', { ...prepare(about), statement: 'nothing' }],
])('asks no device for %s', (_name, prepared) => {
  expect(checkPrepared(prepared, request)).toBeNull();
});
