import { describe, expect, it } from 'vitest';
import { ServiceError } from '../errors';
import { startTestConsole } from '../testing/test-console';
import { getPool } from './pool';
import { sideBySide, together } from './side-by-side';
import { inTransaction, type Tx } from './transaction';

await startTestConsole();

const read = async (tx: Tx, n: number): Promise<number> =>
  (await tx.query<{ n: number }>('SELECT $1::int AS n', [n])).rows[0]?.n ?? Number.NaN;

describe('work side by side on one connection', () => {
  it('is answered each with its own, in the order given, however many statements each takes', async () => {
    const found = await inTransaction((tx) =>
      together([read(tx, 1), read(tx, 2).then((two) => read(tx, two * 10)), read(tx, 3)]),
    );
    expect(found).toEqual([1, 20, 3]);
  });

  it('prepares a named statement once, though it is sent twice before the first is answered', async () => {
    const named = (tx: Tx, n: number) =>
      tx.query<{ n: number }>({ name: 'side-by-side-test', text: 'SELECT $1::int AS n', values: [n] });
    const found = await inTransaction((tx) => together([named(tx, 1), named(tx, 2), named(tx, 3)]));
    expect(found.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3]);
  });

  it('throws the failure of what was listed first, and only once everything has ended', async () => {
    let ended = false;
    const slow = async (tx: Tx) => {
      await tx.query('SELECT pg_sleep(0.05)');
      await read(tx, 1);
      ended = true;
      throw new ServiceError('stale_view');
    };
    const quick = async () => {
      throw new ServiceError('not_opened');
    };
    await expect(inTransaction((tx) => together([slow(tx), quick()]))).rejects.toMatchObject({
      code: 'stale_view',
    });
    expect(ended).toBe(true);
  });

  it('leaves it to the caller whose failure is told', async () => {
    const [fails, works] = await inTransaction((tx) =>
      sideBySide([Promise.reject(new ServiceError('not_opened')), read(tx, 7)]),
    );
    expect(works()).toBe(7);
    expect(() => fails()).toThrow(ServiceError);
  });

  it("throws the database's own error rather than what it led to, and the connection is whole again", async () => {
    const failing = inTransaction(async (tx) => {
      const first = read(tx, 1);
      const broken = tx.query('SELECT 1 / 0');
      const after = read(tx, 2);
      await sideBySide([after, broken, first]);
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await read(getPool(), 5)).toBe(5);
  });
});
