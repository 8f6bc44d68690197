import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import {
  formatWormStatement,
  MAX_STATEMENT_BYTES,
  parseWormStatement,
  type WormStatement,
} from './worm-statement';

const EXAMPLE: WormStatement = {
  format: 'countersign/worm/v1',
  provider: 's3',
  bucket: 'audit',
  key: 'c/ba78.checkpoint',
  versionId: '3HL4kqtJvjVBH40Nrjfkd',
  checksumSha256: formatBase64(sha256(utf8('abc'))),
  mode: 'COMPLIANCE',
  retainUntil: '2033-11-20T08:36:00.000Z',
  legalHold: false,
  readAt: '2026-11-20T08:36:00.123Z',
  stored: formatBase64(utf8('abc')),
  cloudTrail: null,
};
const TEXT =
  '{"bucket":"audit","checksumSha256":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=","cloudTrail":null,' +
  '"format":"countersign/worm/v1","key":"c/ba78.checkpoint","legalHold":false,"mode":"COMPLIANCE","provider":"s3",' +
  '"readAt":"2026-11-20T08:36:00.123Z","retainUntil":"2033-11-20T08:36:00.000Z","stored":"YWJj",' +
  '"versionId":"3HL4kqtJvjVBH40Nrjfkd"}';

describe('a store’s receipt', () => {
  it('is the worked example', () => {
    expect(Buffer.from(formatWormStatement(EXAMPLE)).toString()).toBe(TEXT);
    expect(parseWormStatement(utf8(TEXT))).toEqual({ ok: true, value: EXAMPLE });
  });

  it.each([
    ['white space', `${TEXT} `, 'worm_not_canonical'],
    [
      'members in another order',
      TEXT.replace('{"bucket":"audit",', '{').replace('}', ',"bucket":"audit"}'),
      'worm_not_canonical',
    ],
    ['a member twice', TEXT.replace('{', '{"mode":"COMPLIANCE",'), 'worm_syntax'],
    ['a member that nobody knows', TEXT.replace('{', '{"also":1,'), 'worm_shape'],
    ['a missing member', TEXT.replace('"legalHold":false,', ''), 'worm_shape'],
    ['base64 with stray bits', TEXT.replace('YWJj', 'YWK='), 'worm_shape'],
    ['a date that does not exist', TEXT.replace('2033-11-20', '2033-02-30'), 'worm_shape'],
    ['a store that nobody knows', TEXT.replace('"s3"', '"tape"'), 'worm_shape'],
    ['half a text', TEXT.slice(0, 100), 'worm_syntax'],
    ['a list', '[]', 'worm_shape'],
    ['more than any receipt needs', ' '.repeat(MAX_STATEMENT_BYTES + 1), 'worm_too_large'],
  ])('is refused with %s', (_, text, code) => {
    expect(parseWormStatement(utf8(text))).toMatchObject({ ok: false, code });
  });
});
