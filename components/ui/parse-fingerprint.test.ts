import { describe, expect, it } from 'vitest';
import { parseFingerprint } from './parse-fingerprint';

describe('parseFingerprint', () => {
  it('takes the first four hex digits with or without an algorithm', () => {
    expect(parseFingerprint('sha-256:cd5d9a00')).toEqual([12, 13, 5, 13]);
    expect(parseFingerprint(`CD5D${'0'.repeat(60)}`)).toEqual([12, 13, 5, 13]);
  });

  it('reads base64url as the same bytes', () => {
    expect(parseFingerprint('zV0k5gUjF-a60uoDfmEtmFbMbdWFSmdnF9cEx67MdBA')).toEqual([12, 13, 5, 13]);
    const bytes = Buffer.from('cd5d24e605231be6bad2ea037e612d9856cc6dd5854a676717d704c7aecc7410', 'hex');
    expect(parseFingerprint(bytes.toString('base64url'))).toEqual(parseFingerprint(bytes.toString('hex')));
  });

  it('agrees with hex for every leading pair of bytes', () => {
    for (let head = 0; head < 65_536; head += 257) {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt16BE(head);
      expect(parseFingerprint(bytes.toString('base64url'))).toEqual(parseFingerprint(bytes.toString('hex')));
    }
  });

  it.each([
    ['empty', ''],
    ['too short to be a digest', 'sha-256:cd5d'],
    ['not hex after an algorithm', 'sha-256:zzzzzzzzzzzz'],
    ['impossible base64url length', 'zV0k5gUjF'],
    ['padding and spaces', 'zV0k 5gUjF=='],
  ])('draws nothing for text that is no digest: %s', (_, text) => {
    expect(parseFingerprint(text)).toBeNull();
  });
});
