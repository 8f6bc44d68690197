/**
 * The name of a change that no record announced, for links:
 *
 *   seen:<kind>:<base64url of name>:<base64url of version>
 */
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { formatBase64url, parseBase64url } from '@/lib/core/encoding';
import type { VersionKind } from './seen-version';

export interface SeenKey {
  kind: VersionKind;
  name: string;
  version: string;
}

const KINDS: readonly VersionKind[] = [
  'model',
  'prompt',
  'index',
  'policy',
  'routing',
  'guardrail',
  'guardrail-threshold',
];

export function formatSeenId({ kind, name, version }: SeenKey): string {
  return `seen:${kind}:${formatBase64url(utf8(name))}:${formatBase64url(utf8(version))}`;
}

/** Strict inverse; anybody may have typed it into the URL. */
export function parseSeenId(id: string): SeenKey | null {
  const [prefix, word, name, version, ...more] = id.split(':');
  const kind = KINDS.find((each) => each === word);
  if (prefix !== 'seen' || !kind || more.length > 0) return null;
  const texts = [name, version].map((part) => {
    const bytes = part ? parseBase64url(part) : null;
    const text = bytes?.ok ? decodeUtf8(bytes.value) : null;
    return text?.ok && text.value.length > 0 && !text.value.includes('\u0000') ? text.value : null;
  });
  const [readName, readVersion] = texts;
  return readName && readVersion ? { kind, name: readName, version: readVersion } : null;
}
