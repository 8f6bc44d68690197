import { decodeUtf8 } from '@/lib/core/bytes';
import type { Span } from './lens-values';

/** The fields of a signed checkpoint where they stand: name, size, root, and the log's own signature line. */
export function listNoteSpans(bytes: Uint8Array): { field: string; span: Span }[] {
  const text = decodeUtf8(bytes);
  if (!text.ok) return [];
  const lines: Span[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a) continue;
    lines.push({ from, to: at, encoding: 'plain' });
    from = at + 1;
  }
  const [name, size, root, , signature] = lines;
  if (!name || !size || !root || !signature) return [];
  const space = bytes.lastIndexOf(0x20, signature.to);
  // After the dash (three bytes) and a space stands the key's name, then the key's hash and the signature in base64.
  return [
    { field: "the log's name", span: name },
    { field: 'size', span: size },
    { field: 'root', span: { ...root, encoding: 'base64' } },
    { field: "the signing key's name", span: { from: signature.from + 4, to: space, encoding: 'plain' } },
    { field: 'signature', span: { from: space + 1, to: signature.to, encoding: 'base64' } },
  ];
}
