import { afterEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from './errors';
import { route } from './http';

const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });

afterEach(() => vi.restoreAllMocks());

describe('route', () => {
  it.each([
    ['a closed code', new ServiceError('not_found'), 404, 'not_found'],
    [
      'a lost database',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      503,
      'database_unavailable',
    ],
    ['a connection that the database cut', reset, 503, 'database_unavailable'],
    ['anything else', new Error('secret cause'), 500, 'internal'],
  ])('answers %s as a problem document', async (_, error, status, code) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await route(() => Promise.reject(error))();
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it('takes a reset by whoever asked for no outage', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const gone = new AbortController();
    const request = new Request('http://console.test/', { signal: gone.signal });
    gone.abort();
    const answer = await route((_: Request) => Promise.reject(reset))(request);
    expect(answer.status).toBe(499);
    expect(log).not.toHaveBeenCalled();
  });
});
