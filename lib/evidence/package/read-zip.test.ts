import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { buildPackage, pack, repack, textOf, unpack } from '../testing/build-package';
import { crc32 } from './crc32';
import type { PackageManifest } from './manifest';
import { openEvidencePackage } from './open-package';
import { PACKAGE_ERROR_CODES, PACKAGE_SENTENCES, type PackageErrorCode } from './package-error';
import { accessOf } from './random-access';
import { readZipDirectory, readZipEntry } from './read-zip';
import { ZipWriter } from './write-zip';
import { formatCentralHeader, formatEndRecord, formatLocalHeader, type ZipEntry } from './zip-layout';

interface Crafted {
  entry: Partial<ZipEntry> & { name: string };
  data: Uint8Array;
  /** What the local header says, where it is not what the directory says. */
  local?: Partial<ZipEntry>;
}

/** An archive with these headers, however untrue. */
function craft(entries: readonly Crafted[], between: Uint8Array = new Uint8Array(0)): Uint8Array {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { entry, data, local } of entries) {
    const whole: ZipEntry = {
      method: 0,
      crc: crc32(data),
      size: data.length,
      compressedSize: data.length,
      offset,
      ...entry,
    };
    const header = formatLocalHeader({ ...whole, ...local });
    pieces.push(header, data, between);
    central.push(formatCentralHeader(whole));
    offset += header.length + data.length + between.length;
  }
  const directory = concatBytes(...central);
  return concatBytes(...pieces, directory, formatEndRecord(entries.length, directory.length, offset));
}

const { bytes } = await buildPackage();
const files = await unpack(bytes);
const whole = [...files].map(([name, data]) => ({ entry: { name }, data }));
const set = (at: number, values: readonly number[], of: Uint8Array = bytes): Uint8Array => {
  const copy = of.slice();
  copy.set(values, at < 0 ? copy.length + at : at);
  return copy;
};
/** Offset of the central header of the first entry. */
const centralAt = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 22).getUint32(16, true);
const withEntry = (name: string, data: Uint8Array = utf8('x')) =>
  craft([...whole, { entry: { name }, data }]);
const withFile = (path: string, data: Uint8Array) => repack(new Map([...files, [path, data]]));
const mended = (change: (manifest: PackageManifest) => void) => repack(files, change);
const lineage = (relations: object) =>
  utf8(JSON.stringify({ prefix: { cs: 'https://c.example/' }, bundle: { 'cs:b': relations } }));

test('the worked example of the layout', () => {
  const zip = new ZipWriter();
  const archive = concatBytes(zip.add('a', utf8('hi')), zip.finish());
  expect(archive).toHaveLength(102);
  expect(formatHex(archive.subarray(-22))).toBe(
    '504b05060000000001000100 2f000000 210000000000'.replaceAll(' ', ''),
  );
});

test('CRC-32 of the usual check value', () => {
  expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
  expect(crc32(utf8('6789'), crc32(utf8('12345')))).toBe(0xcbf43926);
});

test('the unchanged package opens', async () => {
  expect(await openEvidencePackage(bytes)).toMatchObject({ ok: true });
  expect(await openEvidencePackage(craft(whole))).toMatchObject({ ok: true });
});

test.runIf(hasUnzip())('unzip reads it and finds no fault', () => {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-zip-'));
  try {
    writeFileSync(join(directory, 'a.zip'), bytes);
    expect(execFileSync('unzip', ['-tqq', join(directory, 'a.zip')]).toString()).toBe('');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const big = new Uint8Array(20 * 1_048_576);
const circle = lineage({
  wasInformedBy: {
    '_:1': { 'prov:informed': 'cs:a', 'prov:informant': 'cs:b' },
    '_:2': { 'prov:informed': 'cs:b', 'prov:informant': 'cs:c' },
    '_:3': { 'prov:informed': 'cs:c', 'prov:informant': 'cs:a' },
  },
});

const HOSTILE: [attack: string, archive: () => Uint8Array, code: PackageErrorCode][] = [
  ['nothing', () => new Uint8Array(0), 'package_not_zip'],
  ['random bytes', () => Uint8Array.from({ length: 4_000 }, (_, i) => (i * 7) & 0xff), 'package_not_zip'],
  ['a tail behind the end', () => concatBytes(bytes, utf8('x')), 'package_not_zip'],
  ['a comment at the end', () => concatBytes(set(-2, [1]), utf8('x')), 'package_not_zip'],
  ['a head before the beginning', () => concatBytes(utf8('MZ'), bytes), 'package_layout'],
  ['a cut-off tail', () => bytes.subarray(0, bytes.length - 10), 'package_not_zip'],
  ['another tool’s archive of the same files', () => zipSync(Object.fromEntries(files)), 'package_layout'],
  ['zip-slip', () => withEntry('records/../../../etc/cron.d/x'), 'entry_name_unsafe'],
  ['an absolute name', () => withEntry('/etc/passwd'), 'entry_name_unsafe'],
  ['a drive letter', () => withEntry('c:/windows/x'), 'entry_name_unsafe'],
  ['backslashes', () => withEntry('records\\..\\..\\x'), 'entry_name_unsafe'],
  [
    'a name in capitals that another system would take for one of ours',
    () => withEntry('MANIFEST.JSON'),
    'entry_name_unsafe',
  ],
  ['a hidden file', () => withEntry('records/.htaccess'), 'entry_name_unsafe'],
  ['a name with a control character', () => withEntry('manifest.json\u0000.exe'), 'entry_name_unsafe'],
  ['a name with a right-to-left override', () => withEntry('report\u202efdp.exe'), 'entry_name_unsafe'],
  ['an empty name', () => withEntry(''), 'entry_name_unsafe'],
  ['a directory entry', () => withEntry('records/'), 'entry_name_unsafe'],
  ['a second manifest', () => withEntry('manifest.json', files.get('manifest.json')), 'entry_name_repeated'],
  ['a file that has no place', () => withEntry('readme.txt'), 'entry_name_unknown'],
  ['an encrypted entry', () => set(centralAt + 8, [1, 0]), 'entry_encrypted'],
  ['strong encryption', () => set(centralAt + 8, [0x41, 0]), 'entry_encrypted'],
  ['a data descriptor', () => set(centralAt + 8, [8, 0]), 'package_layout'],
  ['an unknown method', () => set(centralAt + 10, [12, 0]), 'entry_method'],
  ['an extra field', () => set(centralAt + 30, [4, 0]), 'package_layout'],
  ['zip64 in the end record', () => set(-12, [0xff, 0xff]), 'package_zip64'],
  ['a zip64 offset', () => set(-6, [0xff, 0xff, 0xff, 0xff]), 'package_zip64'],
  ['a zip64 size', () => set(centralAt + 24, [0xff, 0xff, 0xff, 0xff]), 'package_zip64'],
  ['a huge count', () => set(-14, [0xfe, 0xff, 0xfe, 0xff]), 'package_layout'],
  ['a count of two minds', () => set(-14, [1, 0]), 'package_layout'],
  ['another disk', () => set(-18, [1, 0]), 'package_layout'],
  ['bytes between entries', () => craft(whole, utf8('hidden')), 'package_layout'],
  [
    'two entries over the same data',
    () => craft(whole.map((one, n) => (n === 1 ? { ...one, entry: { ...one.entry, offset: 0 } } : one))),
    'package_layout',
  ],
  [
    'another size in front of the manifest than in the directory',
    () =>
      craft(whole.map((one) => (one.entry.name === 'manifest.json' ? { ...one, local: { size: 1 } } : one))),
    'entry_header',
  ],
  [
    'another name in front of the manifest than in the directory',
    () =>
      craft(
        whole.map((one) =>
          one.entry.name === 'manifest.json' ? { ...one, local: { name: 'manifest.exe_' } } : one,
        ),
      ),
    'entry_header',
  ],
  [
    'another checksum',
    () =>
      craft(
        whole.map((one) =>
          one.entry.name === 'manifest.json' ? { ...one, entry: { ...one.entry, crc: 1 } } : one,
        ),
      ),
    'entry_corrupt',
  ],
  [
    'a bomb',
    () => {
      const bomb: Crafted = {
        entry: { name: 'report.pdf', method: 8, size: big.length, crc: crc32(big) },
        data: deflateSync(big),
      };
      return craft([...whole.filter(({ entry }) => entry.name !== 'report.pdf'), bomb]);
    },
    'entry_bomb',
  ],
  [
    'a record larger than any record',
    () => withEntry(`records/${'0'.repeat(16)}/9.dsse.json`, new Uint8Array(70_000)),
    'entry_too_large',
  ],
  [
    'an entry that unpacks to more than it claims',
    () =>
      craft(
        whole.map((one) =>
          one.entry.name === 'manifest.json'
            ? {
                entry: { name: 'manifest.json', method: 8 as const, size: 10, crc: 0 },
                data: deflateSync(big.subarray(0, 9_000)),
              }
            : one,
        ),
      ),
    'entry_corrupt',
  ],
  [
    'no manifest',
    () => craft(whole.filter(({ entry }) => entry.name !== 'manifest.json')),
    'manifest_missing',
  ],
  [
    'a manifest that is not JSON',
    () => pack(new Map([...files, ['manifest.json', utf8('{')]])),
    'manifest_invalid',
  ],
  [
    'a manifest that names a member twice',
    () =>
      pack(new Map([...files, ['manifest.json', utf8('{"format":"countersign/evidence/v1","format":"x"}')]])),
    'manifest_invalid',
  ],
  [
    'a manifest of another version',
    () =>
      pack(
        new Map([...files, ['manifest.json', utf8(textOf(files, 'manifest.json').replace('/v1"', '/v2"'))]]),
      ),
    'manifest_format',
  ],
  [
    'a manifest without files',
    () => mended((manifest) => Object.assign(manifest, { files: undefined })),
    'manifest_invalid',
  ],
  [
    'a manifest with a decision too many',
    () =>
      mended((manifest) => {
        manifest.decisions = Array.from({ length: 5_001 }, () => manifest.decisions[0] as never);
      }),
    'manifest_invalid',
  ],
  [
    'a file that the manifest does not list',
    () => mended((manifest) => void manifest.files.pop()),
    'file_unlisted',
  ],
  [
    'a file that is listed and absent',
    () =>
      mended(
        (manifest) =>
          void manifest.files.push({ path: 'gone', size: 1, digest: `sha-256:${'0'.repeat(64)}` }),
      ),
    'file_missing',
  ],
  [
    'a file that is listed twice',
    () =>
      mended((manifest) => void manifest.files.push(manifest.files[0] as PackageManifest['files'][number])),
    'manifest_invalid',
  ],
  [
    'another size in the manifest',
    () => mended((manifest) => void Object.assign(manifest.files[0] as object, { size: 1 })),
    'file_size',
  ],
  ['keys of another form', () => withFile('keys/keys.json', utf8('[]')), 'part_invalid'],
  [
    'receipts of another form',
    () => withFile('receipts/index.json', utf8('{"receipts":{}}')),
    'part_invalid',
  ],
  [
    'trust of another form',
    () => withFile('trust/trust.json', utf8('{"format":"x","roots":[]}')),
    'part_invalid',
  ],
  [
    'JSON nested deeper than any part',
    () => withFile('keys/keys.json', utf8('['.repeat(5_000) + ']'.repeat(5_000))),
    'part_invalid',
  ],
  ['cyclic lineage', () => withFile('lineage.json', circle), 'lineage_cyclic'],
  [
    'a thing that was derived from itself',
    () =>
      withFile(
        'lineage.json',
        lineage({ wasDerivedFrom: { '_:1': { 'prov:generatedEntity': 'cs:a', 'prov:usedEntity': 'cs:a' } } }),
      ),
    'lineage_cyclic',
  ],
  [
    'lineage with a relation that joins nothing',
    () => withFile('lineage.json', lineage({ used: { '_:1': {} } })),
    'lineage_invalid',
  ],
  ['lineage that is not PROV-JSON', () => withFile('lineage.json', utf8('{"nodes":[]}')), 'lineage_invalid'],
];

describe('a hostile package', () => {
  test.each(HOSTILE)('%s is refused: %#', async (_attack, archive, code) => {
    const opened = await openEvidencePackage(archive());
    expect(opened).toMatchObject({ ok: false, code });
    if (!opened.ok) expect(PACKAGE_SENTENCES[opened.code].length).toBeGreaterThan(40);
  });

  test('every code that opening can give is given by some attack, and has a sentence', () => {
    const given = new Set(HOSTILE.map(([, , code]) => code));
    // Told when a file is read later, or by the disk.
    const elsewhere = ['package_unreadable', 'package_too_large', 'file_digest'];
    expect(PACKAGE_ERROR_CODES.filter((code) => !given.has(code))).toEqual(elsewhere);
    expect(Object.keys(PACKAGE_SENTENCES).sort()).toEqual([...PACKAGE_ERROR_CODES].sort());
  });

  test('a file that cannot be read, and one that is too large, are refused without reading it', async () => {
    const failing = { size: 1_000, read: async () => Promise.reject(new Error('moved')) };
    expect(await openEvidencePackage(failing)).toMatchObject({ ok: false, code: 'package_unreadable' });
    const huge = { size: 2 ** 40, read: async () => Promise.reject(new Error('never asked')) };
    expect(await openEvidencePackage(huge)).toMatchObject({ ok: false, code: 'package_too_large' });
  });

  test('a lineage as deep as it is long is walked without running out of stack', async () => {
    const wasInformedBy: Record<string, object> = {};
    for (let n = 0; n < 50_000; n++)
      wasInformedBy[`_:${n}`] = { 'prov:informed': `cs:a${n}`, 'prov:informant': `cs:a${n + 1}` };
    const opened = await openEvidencePackage(withFile('lineage.json', lineage({ wasInformedBy })));
    expect(opened.ok ? 'opened' : opened.code).toBe('opened');
  });

  test('any single bit of the archive changed is refused, or changes no file', async () => {
    const access = accessOf(bytes);
    const directory = await readZipDirectory(access);
    if (!directory.ok) throw new Error(directory.code);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 61) {
      const changed = accessOf(set(at, [(bytes[at] as number) ^ (1 << (at % 8))]));
      const read = await readZipDirectory(changed);
      if (!read.ok) {
        refused++;
        continue;
      }
      for (const [path, entry] of read.value) {
        const file = await readZipEntry(changed, entry);
        if (!file.ok) refused++;
        else expect(file.value, `${path} after byte ${at}`).toEqual(files.get(path));
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 61 / 2);
  });
});
