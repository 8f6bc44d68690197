import { parseHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';

/** Header of Bitcoin's first block (height 0): the only one that every copy of the software contains. */
export const GENESIS_HEADER: Uint8Array = bytesOf(
  `01000000${'00'.repeat(32)}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c`,
);

function bytesOf(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  invariant(bytes.ok, 'GENESIS_HEADER: hex');
  return bytes.value;
}
