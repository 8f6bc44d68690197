import { describe, expect, it } from 'vitest';
import { createQueryClient } from './create-query-client';
import { RequestError } from './fetch-json';

describe('createQueryClient', () => {
  const { queries, mutations } = createQueryClient().getDefaultOptions();
  const retry = queries?.retry as (failures: number, error: Error) => boolean;

  it.each([400, 401, 403, 404, 409, 422])('takes %d as an answer', (status) => {
    expect(retry(0, new RequestError('no', status))).toBe(false);
  });

  it.each([0, 408, 429, 500, 503])('asks again after %d, twice', (status) => {
    expect([0, 1, 2].map((failures) => retry(failures, new RequestError('no', status)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('never repeats a change by itself', () => {
    expect(mutations?.retry).toBe(false);
  });
});
