import type { SourceFile } from './source-file';

/** Where the verifier's two homes and their worker begin. */
export const VERIFIER_ENTRIES = [
  'app/verify/page.tsx',
  'lib/verifier-page/verifier-page.tsx',
  'lib/client/verification/artefact.worker.ts',
];

const WAYS_OUT =
  /\bfetch\(|\bXMLHttpRequest\(|\bnew (?:WebSocket|EventSource|WebTransport)\b|\bsendBeacon\b|\bprocess\.env\b|\bawait import\(/;
/** next/link and the router load pages by themselves; next-auth and the query client ask the console. */
const LOADERS = ['next/link', 'next/navigation', 'next-auth/react', '@tanstack/react-query'];

/**
 * Every way out in what the entries reach: the verify page and verify.html open nothing but the files that a person gives
 * them, and need neither the server's code nor its database. Type imports count too, which is stricter than need be.
 */
export function findFetches(sources: readonly SourceFile[], entries: readonly string[]): string[] {
  const byPath = new Map(sources.map((file) => [file.path.replace(/\.tsx?$/, ''), file]));
  const reached = new Set<string>();
  const found: string[] = [];
  const visit = (name: string): void => {
    const path = name.replace(/\.tsx?$/, '');
    const file = byPath.get(path);
    if (!file || reached.has(path)) return;
    reached.add(path);
    if (path.startsWith('lib/server/')) found.push(`${file.path} is of the server`);
    const out = WAYS_OUT.exec(file.code);
    if (out) found.push(`${file.path} uses ${out[0]}`);
    for (const imported of file.imports) {
      if (LOADERS.includes(imported)) found.push(`${file.path} imports ${imported}`);
      visit(imported);
    }
  };
  for (const entry of entries) {
    if (!byPath.has(entry.replace(/\.tsx?$/, ''))) found.push(`${entry} does not exist`);
    visit(entry);
  }
  return found;
}
