import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { plainText } from './plain-text';

const MOST_BYTES = 200;
const KEPT_CHARACTERS = 40;

/**
 * A label as part of a key: an index entry holds a few of them at most. One that is longer than anybody writes keeps its
 * beginning and a digest of the whole, so that two labels never become one.
 */
export function shortLabel(label: string): string {
  const text = plainText(label);
  // A UTF-16 unit takes three bytes at most.
  if (text.length * 3 <= MOST_BYTES) return text;
  const bytes = utf8(text);
  if (bytes.length <= MOST_BYTES) return text;
  return `${[...text].slice(0, KEPT_CHARACTERS).join('')}…${formatHex(sha256(bytes)).slice(0, 32)}`;
}
