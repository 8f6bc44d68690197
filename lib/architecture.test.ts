import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DOMAINS, findCycle } from './cli/architecture/domains';
import { findFetches, VERIFIER_ENTRIES } from './cli/architecture/find-fetches';
import { listImports } from './cli/architecture/list-imports';
import { RULES } from './cli/architecture/rules';
import { listSources, readSource } from './cli/architecture/source-file';
import { PAGE_ROLES } from './identity/permissions';

const sources = listSources(process.cwd());

/** For every rule, files that break it: a rule that cannot fail proves nothing. */
const OFFENDERS: Record<string, [path: string, text: string][]> = {
  'core knows only its crypto packages': [
    ['lib/core/sum.ts', "import { z } from 'zod';"],
    ['lib/core/sum.ts', "import { createHash } from 'node:crypto';"],
    ['lib/core/sum.ts', "import type { Tier } from '../decisions/record-payload';"],
  ],
  'a domain knows core, zod and the domains declared for it': [
    ['lib/integrity/chain.ts', "import { role } from '@/lib/identity/role';"],
    ['lib/tokens/claims.ts', "import { getPool } from '@/lib/server/database/pool';"],
    ['lib/policy/decide.ts', "import { useState } from 'react';"],
    ['lib/lineage/graph.ts', "const { readFile } = await import('node:fs/promises');"],
  ],
  'the gateway client knows core, tokens and record envelopes': [
    ['lib/gateway/guard.ts', "import { decidePolicy } from '@/lib/policy/decide-policy';"],
  ],
  'nothing in the browser knows the server, not even its types': [
    ['components/decisions/list.tsx', "import type { Config } from '@/lib/server/config';"],
    ['lib/client/queries/queue.ts', "export type { Tx } from '../../server/database/transaction';"],
    ['components/frame/pill.tsx', "import { readFileSync } from 'node:fs';"],
  ],
  'the primitives know React, not the domains': [
    ['components/ui/button.tsx', "import { role } from '@/lib/identity/role';"],
    ['components/ui/button.tsx', "import { useQuery } from '@tanstack/react-query';"],
  ],
  'the server knows neither pages nor commands': [
    ['lib/server/log/sequence.ts', "import { queueQuery } from '@/lib/client/queries/queue';"],
    ['lib/server/log/sequence.ts', "import { Badge } from '@/components/ui/badge';"],
  ],
  'the console runs without its demo, its commands and its tests': [
    ['app/page.tsx', "import { seedDemo } from '@/lib/demo/seed-demo';"],
  ],
  'the reference verifier knows nothing of ours': [
    ['e2e/reference/merkle-tree.ts', "import { nodeHash } from '@/lib/integrity/merkle';"],
    ['e2e/reference/signed-note.ts', "import { verifyEd25519 } from '@/lib/core/ed25519';"],
  ],
  'the top level is the house: app, components, lib, e2e': [
    ['app/page.tsx', "import words from '../../elsewhere/words';"],
  ],
  'a domain has no clock, chance, network or environment': [
    ['lib/tokens/claims.ts', 'export const iat = Date.now();'],
    ['lib/policy/decide.ts', 'export const now = new Date();'],
    ['lib/core/id.ts', 'export const id = crypto.randomUUID();'],
    ['lib/identity/role.ts', 'export const demo = process.env.DEMO;'],
    ['lib/evidence/verify.ts', "export const page = fetch('/log/checkpoint');"],
  ],
  'files are kebab-case and say what they are': [
    ['lib/core/formatHex.ts', ''],
    ['lib/core/utils.ts', ''],
    ['components/ui/index.ts', ''],
    ['lib/server/date-helpers.ts', ''],
  ],
  'no barrels': [['lib/core/everything.ts', "export * from './bytes';"]],
  'named exports only, except where Next asks for a default': [
    ['lib/core/bytes.ts', 'export default function concat() {}'],
  ],
};

describe('architecture', () => {
  it('reads the whole house', () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(sources.flatMap((file) => file.imports).length).toBeGreaterThan(400);
  });

  it('finds every form of import, and none in comments', () => {
    const text = `
      import a, { type b } from 'one';
      import type {
        C,
      } from '../two';
      import './three.css';
      export { d } from "@/lib/four";
      const five = await import('five');
      type Six = typeof import('six');
      // import seven from 'seven';
      /* import eight from 'eight'; */
      new Worker(new URL('./nine.ts', import.meta.url));`;
    expect(listImports('components/ui/x.tsx', text).sort()).toEqual(
      [
        'components/ui/nine.ts',
        'components/ui/three.css',
        'components/two',
        'five',
        'lib/four',
        'one',
      ].sort(),
    );
  });

  it('declares dependencies between domains that never run in circles', () => {
    expect(findCycle(DOMAINS)).toBeNull();
    expect(findCycle({ a: ['b'], b: ['c'], c: ['a'] })).toEqual(['a', 'b', 'c', 'a']);
  });

  it('offers no page that does not exist', () => {
    const missing = Object.keys(PAGE_ROLES).filter((page) => !existsSync(`app/(console)/${page}/page.tsx`));
    expect(missing).toEqual([]);
  });

  it('lets the verify page fetch nothing', () => {
    expect(findFetches(sources, VERIFIER_ENTRIES)).toEqual([]);
    const page = readSource('app/verify/page.tsx', "import { load } from '@/lib/client/load';");
    const load = readSource('lib/client/load.ts', "export const load = () => fetch('/api/v1/proof');");
    expect(findFetches([page, load], ['app/verify/page.tsx'])).toEqual(['lib/client/load.ts uses fetch(']);
    const pool = readSource('app/verify/page.tsx', "import { getPool } from '@/lib/server/database/pool';");
    const server = readSource('lib/server/database/pool.ts', 'export const getPool = () => null;');
    expect(findFetches([pool, server], ['app/verify/page.tsx'])).toEqual([
      'lib/server/database/pool.ts is of the server',
    ]);
    const link = readSource('app/verify/page.tsx', "import Link from 'next/link';");
    expect(findFetches([link], ['app/verify/page.tsx'])).toEqual(['app/verify/page.tsx imports next/link']);
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
    expect(sources.flatMap((file) => rule.check(file))).toEqual([]);
    const offenders = OFFENDERS[name] ?? [];
    expect(offenders.length).toBeGreaterThan(0);
    for (const [path, text] of offenders) expect(rule.check(readSource(path, text)), text).not.toEqual([]);
  });
});
