import { expect, it } from 'vitest';
import { GET as getJwks } from '@/app/.well-known/jwks.json/route';
import type { JsonValue } from '@/lib/core/json';
import { parseJwks } from '@/lib/tokens/jwks';
import { startTestConsole } from '../testing/test-console';
import { publishConsoleKeys } from './publish-console-keys';

await startTestConsole();

it('publishes a key that counts for what it signs in its first second, whose time is rounded down', async () => {
  await publishConsoleKeys({ nowMs: Date.parse('2026-03-01T10:00:00.700Z') });
  const jwks = parseJwks((await (await getJwks()).json()) as JsonValue);
  if (!jwks.ok) throw new Error(jwks.code);
  expect(jwks.value.map(({ notBeforeMs }) => notBeforeMs)).toEqual([Date.parse('2026-03-01T10:00:00.000Z')]);
});
