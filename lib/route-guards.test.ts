import { describe, expect, it } from 'vitest';
import {
  findServerActions,
  findUnguardedPages,
  findUnguardedRoutes,
  listHandlers,
  PUBLIC_HANDLERS,
} from './cli/architecture/route-guards';
import { listSources, readSource } from './cli/architecture/source-file';

const sources = listSources(process.cwd());
const ROUTE = 'app/api/v1/thing/route.ts';

describe('every entrance', () => {
  it('knows who asks, or stands in the list of public ones', () => {
    expect(sources.flatMap(findUnguardedRoutes)).toEqual([]);
    expect(sources.filter(({ path }) => path.endsWith('/route.ts')).length).toBeGreaterThan(40);
  });

  it('lists no public handler that is not there, and gives a reason for each', () => {
    const existing = sources.flatMap((file) =>
      file.path.endsWith('/route.ts')
        ? listHandlers(file.code).map(({ name }) => `${file.path} ${name}`)
        : [],
    );
    expect(Object.keys(PUBLIC_HANDLERS).filter((name) => !existing.includes(name))).toEqual([]);
    expect(Object.values(PUBLIC_HANDLERS).every((reason) => reason.length > 20)).toBe(true);
  });

  it('asks for the viewer on every console page', () => {
    expect(sources.flatMap(findUnguardedPages)).toEqual([]);
    expect(
      sources.filter(({ path }) => path.startsWith('app/(console)/') && path.endsWith('/page.tsx')).length,
    ).toBeGreaterThan(10);
  });

  it('is a file: there are no server actions', () => {
    expect(sources.flatMap(findServerActions)).toEqual([]);
    expect(
      findServerActions(readSource('app/save.ts', "'use server';\nexport async function save() {}")),
    ).toHaveLength(1);
  });

  it.each([
    ['no guard', "export const GET = route(async () => jsonResponse(await listThings('bank')));"],
    [
      'a guard on one method only',
      'export const GET = route(async (request) => { await requirePerson(request, ROLES); });\nexport const POST = route(async () => save());',
    ],
    [
      'a guard that is only mentioned',
      'export const GET = route(async () => {\n  // await requirePerson(request, ROLES);\n  return list();\n});',
    ],
    [
      'a guard that nobody waits for',
      'export const GET = route(async (request) => { void requirePerson(request, ROLES); return list(); });',
    ],
    [
      'a guard in a function that is not called',
      'export const GET = route(async () => list());\nasync function guard(request) { await requirePerson(request, ROLES); }',
    ],
    ['an unguarded function', 'export async function DELETE(request) { return drop(request); }'],
    [
      'an export under another name',
      'const handler = route(async () => list());\nexport { handler as GET };',
    ],
    ['no method at all', 'export const dynamic = 1;'],
  ])('refuses a route with %s', (_name, text) => {
    expect(findUnguardedRoutes(readSource(ROUTE, text))).toHaveLength(1);
  });

  it('passes a guarded route', () => {
    const text =
      'export const PUT = route(async (request) => {\n  const { tenant } = await requirePerson(request, ROLES);\n});';
    expect(findUnguardedRoutes(readSource(ROUTE, text))).toEqual([]);
  });

  it.each([
    ['no guard', 'export default async function Page() { return null; }'],
    [
      'a guard that nobody waits for',
      'export default async function Page() { requireViewer(); return null; }',
    ],
  ])('refuses a page with %s', (_name, text) => {
    expect(findUnguardedPages(readSource('app/(console)/things/page.tsx', text))).toHaveLength(1);
  });
});
