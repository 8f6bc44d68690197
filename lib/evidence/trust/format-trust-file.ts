import type { TrustFile, TrustRoot } from './trust-root';

/** The trust file of these roots, UTF-8 JSON with a final newline; `parseTrustFile` reads it back. */
export function formatTrustFile(roots: readonly TrustRoot[]): string {
  return `${JSON.stringify({ format: 'countersign/trust/v1', roots: [...roots] } satisfies TrustFile, null, 2)}\n`;
}
