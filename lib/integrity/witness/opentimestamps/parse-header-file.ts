/**
 * Files by which an operator pins block headers.
 *
 * - Raw: headers of consecutive blocks, 80 bytes each. The height of the first is the last number in the file's name
 *   (`bitcoin-358391.headers`), or 0 when it is the first block of all (as in the header file of a light client).
 * - JSON: `[{"height":358391,"header":"<160 hex digits>"}]`, or that list under `headers`; blocks in any order.
 *
 * Worked example of the JSON form, the first block (shortened here, whole in the test):
 *   [{"height":0,"header":"0100000000…1dac2b7c"}]
 */
import * as z from 'zod';
import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';
import { parseJson } from '@/lib/core/json';
import { err, ok, type Result } from '@/lib/core/result';
import { followsHeader, HEADER_BYTES, parseBlockHeader } from './block-header';
import { GENESIS_HEADER } from './genesis-header';

/** What a trust file may hold. */
const MAX_HEADERS = 10_000;
const MAX_BYTES = MAX_HEADERS * 250;

export interface PinnedHeader {
  readonly height: number;
  /** 80 bytes that meet their own target. */
  readonly header: Uint8Array;
}

export type HeaderFileErrorCode =
  | 'header_file_too_large'
  | 'header_file_syntax'
  | 'header_file_height'
  | 'header_invalid'
  | 'headers_not_consecutive';

const listed = z.array(
  z.strictObject({
    height: z.int().nonnegative().max(0xffff_ffff),
    header: z.string().length(2 * HEADER_BYTES),
  }),
);
const jsonFile = z.union([listed, z.strictObject({ headers: listed }).transform(({ headers }) => headers)]);

/** Every header of the file is checked to meet its own target; that it is Bitcoin's is the operator's word. */
export function parseHeaderFile(
  name: string,
  bytes: Uint8Array,
): Result<readonly PinnedHeader[], HeaderFileErrorCode> {
  if (bytes.length > MAX_BYTES) return err('header_file_too_large');
  const text = decodeUtf8(bytes);
  const read = text.ok && /^\s*[[{]/.test(text.value) ? readJson(text.value) : readRaw(name, bytes);
  if (!read.ok) return read;
  const wrong = read.value.find(({ header }) => !parseBlockHeader(header).ok);
  return wrong ? err('header_invalid', `block ${wrong.height}`) : read;
}

function readJson(text: string): Result<PinnedHeader[], HeaderFileErrorCode> {
  const json = parseJson(text, { maxBytes: MAX_BYTES });
  const file = jsonFile.safeParse(json.ok ? json.value : null);
  if (!file.success || file.data.length === 0 || file.data.length > MAX_HEADERS) {
    return err('header_file_syntax');
  }
  const headers: PinnedHeader[] = [];
  for (const { height, header } of file.data) {
    const parsed = parseHex(header);
    if (!parsed.ok) return err('header_file_syntax', `block ${height}`);
    headers.push({ height, header: parsed.value });
  }
  return ok(headers);
}

function readRaw(name: string, bytes: Uint8Array): Result<PinnedHeader[], HeaderFileErrorCode> {
  const count = bytes.length / HEADER_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > MAX_HEADERS) return err('header_file_syntax');
  const all = Array.from({ length: count }, (_, i) => bytes.slice(i * HEADER_BYTES, (i + 1) * HEADER_BYTES));
  const from = firstHeight(name, all[0] as Uint8Array);
  if (from === undefined) return err('header_file_height');
  const broken = all.findIndex((header, i) => {
    const before = all[i - 1];
    const parsed = parseBlockHeader(header);
    return before !== undefined && parsed.ok && !followsHeader(parsed.value, before);
  });
  if (broken > 0) return err('headers_not_consecutive', `block ${from + broken}`);
  return ok(all.map((header, i) => ({ height: from + i, header })));
}

function firstHeight(name: string, header: Uint8Array): number | undefined {
  if (equalBytes(header, GENESIS_HEADER)) return 0;
  const digits = name.match(/[0-9]+/g)?.at(-1);
  return digits !== undefined && digits.length <= 9 ? Number(digits) : undefined;
}
