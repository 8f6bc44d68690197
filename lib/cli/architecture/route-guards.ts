import type { SourceFile } from './source-file';

/** What a route handler calls to know who asks. */
const GUARDS = ['requirePerson', 'requirePeer', 'requireProducer', 'requireViewer'];

/** Handlers that anybody may call, each with the reason. Everything else names a person or a producer first. */
export const PUBLIC_HANDLERS: Readonly<Record<string, string>> = {
  'app/.well-known/authzen-configuration/route.ts GET': 'AuthZEN metadata: addresses of this console',
  'app/.well-known/jwks.json/route.ts GET': 'public keys, for whoever verifies a token',
  'app/api/auth/[...nextauth]/route.ts GET': 'signing in happens before anybody is known',
  'app/api/auth/[...nextauth]/route.ts POST':
    'signing in happens before anybody is known; next-auth checks its CSRF token',
  'app/api/openapi.json/route.ts GET': 'the description of the machine routes',
  'app/api/v1/health/route.ts GET': 'totals of the whole console, for load balancers',
  'app/api/v1/proof/route.ts GET': 'checkpoint and keys, for strangers who verify',
  'app/api/v1/records/route.ts POST': "every record's own signature is its authentication (formats.md §3)",
  'app/api/v1/tenants/route.ts POST':
    'founding: whoever holds the one-time secret, from a page of this console',
  'app/log/bundles/route.ts GET': 'the transparency log is public',
  'app/log/checkpoint/route.ts GET': 'the transparency log is public',
  'app/log/tile/[...path]/route.ts GET': 'the transparency log is public',
  'app/schemas/records/[...path]/route.ts GET': 'the record schema is a public contract',
  'app/witness/add-checkpoint/route.ts POST':
    'C2SP tlog-witness: a registered log proves itself by the signature on its checkpoint',
  'app/problems/[code]/route.ts GET': 'what an error code means: constant text',
};

interface Handler {
  name: string;
  code: string;
}

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS';

/**
 * The HTTP methods that a route file exports with the code of each: from its export to the next top-level statement.
 * A method exported under another name (`export { handler as GET }`) has the whole file's code.
 */
export function listHandlers(code: string): Handler[] {
  const found: Handler[] = [];
  const declared = new RegExp(`^export (?:const|let|var|(?:async )?function) (${METHODS})\\b`, 'gm');
  for (const match of code.matchAll(declared)) {
    const rest = code.slice(match.index + match[0].length);
    const end = rest.search(/^(?:export|const|let|var|function|async function|interface|type|class)\b/m);
    found.push({ name: match[1] as string, code: end < 0 ? rest : rest.slice(0, end) });
  }
  for (const list of code.matchAll(/^export \{([^}]*)\}/gm)) {
    for (const name of (list[1] as string).matchAll(new RegExp(`(?:\\bas\\s+|^|,)\\s*(${METHODS})\\b`, 'g')))
      found.push({ name: name[1] as string, code });
  }
  return found;
}

/** `path METHOD` of every handler that neither calls a guard nor is listed as public, and of every route file without a handler. */
export function findUnguardedRoutes(file: SourceFile): string[] {
  if (!/^app\/(?:.*\/)?route\.ts$/.test(file.path)) return [];
  const handlers = listHandlers(file.code);
  if (handlers.length === 0) return [`${file.path} exports no method`];
  return handlers
    .filter(({ code }) => !GUARDS.some((guard) => calls(code, guard)))
    .map(({ name }) => `${file.path} ${name}`)
    .filter((name) => !Object.hasOwn(PUBLIC_HANDLERS, name));
}

/** Console pages and layouts that do not call `requireViewer` in the default export's own file. */
export function findUnguardedPages(file: SourceFile): string[] {
  if (!/^app\/\(console\)\/(?:.*\/)?page\.tsx$/.test(file.path)) return [];
  return calls(file.code, 'requireViewer') ? [] : [file.path];
}

/** Server actions are routes without a file: the console has none, so that no entrance is overlooked. */
export function findServerActions(file: SourceFile): string[] {
  return /(^|\n)\s*['"]use server['"]/.test(file.code) ? [file.path] : [];
}

/** Called and awaited: a promise that nobody waits for guards nothing. */
function calls(code: string, guard: string): boolean {
  const at = code.search(new RegExp(`\\b${guard}\\(`));
  if (at < 0) return false;
  const before = code.slice(0, at);
  return /await\s*\(?\s*$/.test(before) || /await Promise\.all\(\[[^;]*$/.test(before);
}
