import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';

const MAX_LOCAL_CHARACTERS = 160;

/**
 * A local name of PROV-N: whatever is not a letter, digit, `.`, `_` or `-` is percent-encoded as UTF-8; a longer one is
 * named by its digest, since agents choose some of these texts.
 */
function local(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.length <= MAX_LOCAL_CHARACTERS ? encoded : formatHex(sha256(utf8(encoded)));
}

/** `cs:<kind>.<part>.<part>…`: a name in our own namespace. */
export const qualifiedName = (kind: string, ...parts: readonly (string | number)[]) =>
  `cs:${[kind, ...parts.map((part) => local(String(part)))].join('.')}`;
