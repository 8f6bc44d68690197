import { NextRequest } from 'next/server';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { getPool } from '@/lib/server/database/pool';
import { ERROR_STATUS } from '@/lib/server/errors';
import { publishEvent } from '@/lib/server/events/publish-event';
import { STREAM_MS, streamEvents } from '@/lib/server/events/stream-events';
import { SECURITY_HEADERS } from '@/lib/server/page-policy';
import { startTestConsole } from '@/lib/server/testing/test-console';
import nextConfig from '@/next.config';
import { proxy, config as proxyConfig } from '@/proxy';
import { captureLog, outcomeOf, readAnswer, secretsOf } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { createWorld } from './world';

await startTestConsole();
const routes = await loadRoutes();
const { bank, clinic } = await createWorld();
const log = captureLog();
const ORIGIN = 'http://console.test';
const get = (path: string, headers: Record<string, string> = {}) =>
  callRoute(routes, new Request(`${ORIGIN}${path}`, { headers }));

afterEach(() => vi.useRealTimers());

describe('what anybody may read', () => {
  it.each([
    '/api/v1/health',
    '/api/v1/proof',
    '/api/openapi.json',
    '/.well-known/jwks.json',
    '/.well-known/authzen-configuration',
    '/log/checkpoint',
    '/log/tile/0/000.p/5',
  ])('%s tells of no organisation and of no secret', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
    expect(text.length).toBeGreaterThan(10);
    for (const secret of [...secretsOf(bank), ...secretsOf(clinic)]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/postgres|PRIVATE KEY|"d":/i);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('jwks holds public members only', async () => {
    const { keys } = (await (await get('/.well-known/jwks.json')).json()) as {
      keys: Record<string, unknown>[];
    };
    for (const key of keys) expect(Object.keys(key)).not.toContain('d');
  });
});

describe('tiles', () => {
  it.each([
    '..%2F..%2F..%2Fetc%2Fpasswd',
    '0/..%2F000',
    '0/%2e%2e',
    '..',
    '0',
    '',
    '0/000%00',
    '0/000%0a',
    '0/0',
    '0/0000',
    '0/00',
    '0/-01',
    '0/x000/000',
    '0/+00',
    '0/0x0',
    '00/000',
    '64/000',
    '99/000',
    '999999999999/000',
    '-1/000',
    '1e1/000',
    '0/999',
    '0/x999/x999/x999/x999/x999/x999/999',
    `0/${'x999/'.repeat(200)}999`,
    '63/x009/x007/x199/x254/x740/991',
    '0/000',
    '0/000.p/0',
    '0/000.p/01',
    '0/000.p/256',
    '0/000.p/257',
    '0/000.p/99999999999999999999',
    '0/000.p/-1',
    '0/000.p/1/1',
    '0/000.p/1%2F..',
    'entries/..%2Fcheckpoint',
    'ENTRIES/000',
    'entries/x000/000',
  ])('%s is not there', async (path) => {
    const parts = path.split('/').map(decodeURIComponent);
    const route = routes.find((each) => each.path === 'log/tile/[...path]');
    const response = await route?.handlers.GET?.(new Request(`${ORIGIN}/log/tile/x`), {
      params: Promise.resolve({ path: parts }),
    });
    expect(outcomeOf(await readAnswer(response as Response))).toBe('not_found');
  });

  it('beyond the published checkpoint are not there, up to it they are', async () => {
    const size = Number((await (await get('/log/checkpoint')).text()).split('\n')[1]);
    expect(size).toBeGreaterThan(3);
    expect((await get(`/log/tile/0/000.p/${size}`)).status).toBe(200);
    expect((await get(`/log/tile/0/000.p/${size + 1}`)).status).toBe(404);
  });
});

describe('bundles', () => {
  it.each([
    '',
    '?first=0',
    '?first=-1&count=1',
    '?first=0&count=65',
    '?first=0&count=1e9',
    "?first=0'--&count=1",
    '?first=0.5&count=1',
  ])('%s is no question', async (search) => {
    expect(outcomeOf(await readAnswer(await get(`/log/bundles${search}`)))).toBe('malformed_request');
  });

  it.each(['?first=0&count=1', '?first=9007199254740991&count=1'])(
    '%s is beyond the published checkpoint, of which no bundle is full',
    async (search) => {
      expect(outcomeOf(await readAnswer(await get(`/log/bundles${search}`)))).toBe('not_found');
    },
  );
});

describe('problems', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '%3Cscript%3E', '..%2F..', 'x%00'])(
    '%s is no code',
    async (code) => {
      const response = await get(`/problems/${code}`, { accept: 'text/html' });
      expect(outcomeOf(await readAnswer(response))).toBe('not_found');
    },
  );

  it.each(Object.keys(ERROR_STATUS))('%s has a page without scripts', async (code) => {
    const response = await get(`/problems/${code}`, { accept: 'text/html' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src-attr 'unsafe-inline'; frame-ancestors 'none'",
    );
    expect(await response.text()).not.toMatch(/<script|undefined/);
  });
});

describe('headers of every page', () => {
  const page = (path: string, headers: Record<string, string> = {}) =>
    proxy(new NextRequest(`${ORIGIN}${path}`, { headers }));
  const PAGES = ['/', '/sign-in', '/join', '/queue', '/queue/esc_1', '/decisions?q=x', '/settings/people'];

  it.each(PAGES)('%s carries the policy, with a nonce of its own', (path) => {
    const first = page(path).headers;
    const policy = first.get('content-security-policy') ?? '';
    const nonce = /script-src 'self' 'nonce-([^']+)' 'strict-dynamic';/.exec(policy)?.[1] ?? '';
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    expect(policy.replaceAll(nonce, 'N')).toBe(
      "default-src 'self'; script-src 'self' 'nonce-N' 'strict-dynamic'; style-src-elem 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'; manifest-src 'self'",
    );
    expect(page(path).headers.get('content-security-policy')).not.toBe(policy);
    expect(first.get('x-content-type-options')).toBe('nosniff');
    expect(first.get('referrer-policy')).toBe('no-referrer');
    expect(first.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('cannot be chosen by the client', () => {
    const forged = {
      'x-nonce': 'mine',
      'content-security-policy': "script-src 'unsafe-inline'",
      'x-countersign-path': '//evil.example',
    };
    const { headers } = page('/queue?x=1', forged);
    expect(headers.get('x-middleware-request-x-nonce')).not.toBe('mine');
    expect(headers.get('x-middleware-request-content-security-policy')).not.toContain(
      "unsafe-inline'; script",
    );
    expect(headers.get('x-middleware-request-x-countersign-path')).toBe('/queue?x=1');
    expect([...headers.values()].join('\n')).not.toMatch(/mine|evil\.example/);
  });
});

describe('headers of every route', () => {
  const paths = routes.map(({ path }) => `/${path.replaceAll(/\[[^/]*\]/g, 'x')}`);
  const passesProxy = (path: string) => proxyConfig.matcher.some((one) => new RegExp(`^${one}$`).test(path));

  it.each(paths)('%s: from the proxy or from the configuration, never from both', async (path) => {
    const rules = (await nextConfig.headers?.()) ?? [];
    const configured = rules
      .filter(({ source }) => new RegExp(`^${source.replace('/:path*', '(/.*)?')}$`).test(path))
      .flatMap(({ headers }) => headers.map(({ key }) => key));
    const all = [...Object.keys(SECURITY_HEADERS), 'content-security-policy'];
    expect(configured).toEqual(passesProxy(path) ? [] : all);
  });
});

describe('events', () => {
  it('tell nothing to whoever has no session', async () => {
    const response = await get('/api/v1/events', { accept: 'text/event-stream' });
    expect(outcomeOf(await readAnswer(response))).toBe('sign_in_required');
  });

  it('end after ten minutes, so that a withdrawn account is asked again who it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reader = streamEvents(bank.tenant, new AbortController().signal).body?.getReader();
    let seen = '';
    while (!seen.includes(': listening')) seen += new TextDecoder().decode((await reader?.read())?.value);
    const ended = (async () => {
      while (!(await reader?.read())?.done);
    })();
    let open = true;
    void ended.then(() => {
      open = false;
    });
    await vi.advanceTimersByTimeAsync(STREAM_MS - 1);
    expect(open).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    await ended;
  });

  it('of one organisation never reach another', async () => {
    const abort = new AbortController();
    const reader = streamEvents(bank.tenant, abort.signal).body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    let seen = '';
    while (!seen.includes(': listening')) seen += await read();
    await publishEvent(getPool(), { tenant: clinic.tenant, type: 'escalation.changed', id: clinic.pending });
    await publishEvent(getPool(), { tenant: bank.tenant, type: 'escalation.changed', id: bank.pending });
    while (!seen.includes(bank.pending)) seen += await read();
    expect(seen).not.toContain(clinic.pending);
    expect(seen).not.toContain(clinic.tenant);
    abort.abort();
  });
});

afterAll(() => {
  expect(log.join('\n')).not.toMatch(/unexpected error|@/);
});
