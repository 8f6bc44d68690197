/**
 * A place between two decisions in time order, so that a page neither skips nor repeats when others arrive:
 *
 *   cursor = base64url( decimal milliseconds "~" decision id )        of the last row on this side of the place
 */
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64url, parseBase64url, parseDecimal } from '@/lib/core/encoding';
import { isForeignId } from '@/lib/core/id';
import { err, ok, type Result } from '@/lib/core/result';

export interface SearchCursor {
  occurredAtMs: number;
  id: string;
}

export function formatSearchCursor(cursor: SearchCursor): string {
  return formatBase64url(utf8(`${cursor.occurredAtMs}~${cursor.id}`));
}

/** Strict inverse of `formatSearchCursor`; anyone may have typed it into the URL. */
export function parseSearchCursor(text: string): Result<SearchCursor, 'cursor_syntax'> {
  const bytes = parseBase64url(text);
  const plain = bytes.ok ? decodeUtf8(bytes.value) : bytes;
  if (!plain.ok) return err('cursor_syntax');
  const split = plain.value.indexOf('~');
  const occurredAtMs = parseDecimal(plain.value.slice(0, Math.max(split, 0)));
  const id = plain.value.slice(split + 1);
  if (split < 1 || !occurredAtMs.ok || occurredAtMs.value > 8.64e15 || !isForeignId(id))
    return err('cursor_syntax');
  return ok({ occurredAtMs: occurredAtMs.value, id });
}
