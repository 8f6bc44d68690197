import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { blockHash, parseBlockHeader } from './block-header';
import { GENESIS_HEADER } from './genesis-header';
import { parseHeaderFile } from './parse-header-file';
import { mineHeader } from './testing/build-proof';

const ALONE = mineHeader(new Uint8Array(32).fill(3), 1_750_000_000);

/** A header that names the one before it. */
function mineAfter(previous: Uint8Array): Uint8Array {
  for (let root = 0; ; root++) {
    const header = mineHeader(new Uint8Array(32).fill(root), 1_750_000_600);
    header.set(blockHash(previous), 4);
    if (parseBlockHeader(header).ok) return header;
  }
}

describe('the first block', () => {
  it('is the worked example', () => {
    expect(formatHex(GENESIS_HEADER)).toBe(
      '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
    );
    expect(parseBlockHeader(GENESIS_HEADER)).toMatchObject({
      ok: true,
      value: {
        hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
        timeUnixS: 1_231_006_505,
        workBits: 32,
      },
    });
    expect(
      parseHeaderFile('pins.json', utf8(JSON.stringify([{ height: 0, header: formatHex(GENESIS_HEADER) }]))),
    ).toEqual({ ok: true, value: [{ height: 0, header: GENESIS_HEADER }] });
  });
});

describe('parseHeaderFile', () => {
  it('reads raw headers, at the height in the name or from the first block on', () => {
    const next = mineAfter(ALONE);
    expect(parseHeaderFile('v2-bitcoin-358391.headers', concatBytes(ALONE, next))).toEqual({
      ok: true,
      value: [
        { height: 358391, header: ALONE },
        { height: 358392, header: next },
      ],
    });
    const second = mineAfter(GENESIS_HEADER);
    expect(parseHeaderFile('headers', concatBytes(GENESIS_HEADER, second))).toMatchObject({
      ok: true,
      value: [{ height: 0 }, { height: 1 }],
    });
  });

  it('reads the list under a name, in any order', () => {
    const headers = [
      { height: 9, header: formatHex(ALONE) },
      { height: 0, header: formatHex(GENESIS_HEADER) },
    ];
    expect(parseHeaderFile('x', utf8(JSON.stringify({ headers })))).toMatchObject({
      ok: true,
      value: [{ height: 9 }, { height: 0 }],
    });
  });

  const changed = ALONE.slice();
  changed[79] = 0xff;
  changed[72] = 0;
  changed[75] = 0x03;
  it.each<[attack: string, name: string, bytes: Uint8Array, code: string]>([
    ['nothing', 'x-1', new Uint8Array(0), 'header_file_syntax'],
    ['a header and a half', 'x-1', concatBytes(ALONE, ALONE.subarray(40)), 'header_file_syntax'],
    ['a height nobody gives', 'headers', ALONE, 'header_file_height'],
    ['headers that do not follow each other', 'x-5', concatBytes(ALONE, ALONE), 'headers_not_consecutive'],
    ['a header without the work that it claims', 'x-5', changed, 'header_invalid'],
    ['JSON that is none', 'x', utf8('[{]'), 'header_file_syntax'],
    ['an empty list', 'x', utf8('[]'), 'header_file_syntax'],
    [
      'a height below zero',
      'x',
      utf8(`[{"height":-1,"header":"${formatHex(ALONE)}"}]`),
      'header_file_syntax',
    ],
    [
      'a member twice',
      'x',
      utf8(`[{"height":1,"height":2,"header":"${formatHex(ALONE)}"}]`),
      'header_file_syntax',
    ],
    [
      'upper-case hex',
      'x',
      utf8(`[{"height":1,"header":"${formatHex(ALONE).toUpperCase()}"}]`),
      'header_file_syntax',
    ],
    ['more than anybody pins', 'x-1', new Uint8Array(2_500_080), 'header_file_too_large'],
  ])('refuses %s', (_, name, bytes, code) => {
    expect(parseHeaderFile(name, bytes)).toMatchObject({ ok: false, code });
  });
});
