import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error';
import { startTestConsole } from './testing/test-console';

const { owner } = await startTestConsole();

describe('describeError', () => {
  it.each([
    [
      'a unique violation',
      'INSERT INTO people (id, email, name, created_at) VALUES ($1, $2, $3, now()), ($4, $2, $3, now())',
      ['p1', 'anna@example.org', 'Anna', 'p2'],
      'code=23505 table=people constraint=',
    ],
    [
      'a missing value',
      'INSERT INTO people (id, email, name) VALUES ($1, $2, NULL)',
      ['p3', 'anna@example.org'],
      'code=23502 table=people column=',
    ],
    ['a value that cannot be read', 'SELECT $1::text::numeric', ['anna@example.org'], 'code=22P02'],
  ])('names %s without its values', async (_name, text, values, expected) => {
    const error = await owner.query(text, values).catch((caught: unknown) => caught);
    expect(String(error)).not.toBe('');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).toContain('anna@example.org');
    expect(describeError(error)).toContain(expected);
    expect(describeError(error)).toMatch(/\n\s+at /);
    expect(describeError(error)).not.toContain('anna');
  });

  it("keeps our own errors' words, and the type of what is no error", () => {
    expect(describeError(new TypeError('no such stream'))).toMatch(/^TypeError: no such stream\n/);
    expect(describeError('anna@example.org')).toBe('string');
  });
});
