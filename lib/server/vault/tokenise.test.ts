import { beforeAll, describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { getVaultPool } from '../database/vault-pool';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { readStoredRecord } from '../records/read-stored-record';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { tokenise } from './tokenise';

const { owner } = await startTestConsole();
const MRN = 'MRN-00421187';
const EMAIL = 'asha.rao@example.org';
let bank: ProducerCaller;
let clinic: ProducerCaller;

beforeAll(async () => {
  const callerOf = async (tenant: string): Promise<ProducerCaller> => {
    await createTestTenant(tenant);
    const { id, keyid, seed } = await createTestProducer(tenant, { kind: 'pipeline' });
    return { producerId: id, tenant, kind: 'pipeline', keyid, publicKey: seed };
  };
  [bank, clinic] = [await callerOf('bank'), await callerOf('clinic')];
});

const mrn = (identifier: string) => ({ type: 'mrn' as const, identifier });
const recordsOf = async (tenant: string) => {
  const { rows } = await getPool().query<{ envelope: Buffer }>(
    `SELECT envelope FROM records WHERE tenant = $1 AND kind = 'vault.tokenised' ORDER BY position`,
    [tenant],
  );
  return rows.map(({ envelope }) => readStoredRecord(new Uint8Array(envelope)).body);
};

describe('tokens', () => {
  it('are the same for every spelling, within one call and between calls that arrive together', async () => {
    const spellings = [MRN, 'mrn 0042 1187', '00421187'].map(mrn);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => tokenise(bank, { items: [...spellings, mrn('MRN-7')] })),
    );
    const tokens = answers.map((answer) => answer.tokens);
    expect(new Set(tokens.map((list) => list.join())).size).toBe(1);
    expect(new Set(tokens[0]).size).toBe(2);
    expect(tokens[0]?.every((token) => /^tok_[0-9a-f]{32}$/.test(token))).toBe(true);
    expect(await recordsOf('bank')).toEqual([
      {
        producer: bank.producerId,
        counts: { mrn: 2 },
        tokens_digest: expect.stringMatching(/^sha-256:[0-9a-f]{64}$/),
      },
    ]);
  });

  it('differ by type and by organisation, as do the blind indexes', async () => {
    const [asMrn, asCustomer] = (
      await tokenise(bank, { items: [mrn('4711'), { type: 'customer_number', identifier: '4711' }] })
    ).tokens;
    const [elsewhere] = (await tokenise(clinic, { items: [mrn('4711')] })).tokens;
    expect(new Set([asMrn, asCustomer, elsewhere]).size).toBe(3);
    const indexes = await owner.query<{ n: number }>(
      'SELECT count(DISTINCT blind_index)::int AS n FROM vault.identifiers WHERE token = ANY($1)',
      [[asMrn, asCustomer, elsewhere]],
    );
    expect(indexes.rows).toEqual([{ n: 3 }]);
  });

  it('are made a thousand at a time, in order', async () => {
    const items = Array.from({ length: 1_000 }, (_, i) => mrn(`9${i}`));
    const first = await tokenise(bank, { items });
    expect(new Set(first.tokens).size).toBe(1_000);
    expect(await tokenise(bank, { items: items.toReversed() })).toEqual({
      tokens: first.tokens.toReversed(),
    });
  });

  it('are made for all items or for none, and the refusal names a place only', async () => {
    const before = await owner.query('SELECT count(*)::int AS n FROM vault.identifiers');
    const refused = tokenise(bank, { items: [mrn('MRN-555'), { type: 'iban', identifier: 'DE00 SECRET' }] });
    await expect(refused).rejects.toMatchObject({ code: 'identifier_invalid', detail: 'Item 2 is no iban.' });
    expect((await owner.query('SELECT count(*)::int AS n FROM vault.identifiers')).rows).toEqual(before.rows);
  });
});

describe('what lies in the database', () => {
  it('holds no identifier in clear, in any table', async () => {
    await tokenise(bank, { items: [{ type: 'email', identifier: EMAIL }] });
    const { rows } = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of rows) {
      const found = await owner.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      for (const { text } of found.rows) {
        for (const secret of [EMAIL, '00421187']) {
          expect(text, name).not.toContain(secret);
          expect(text, name).not.toContain(Buffer.from(secret).toString('hex'));
          expect(text, name).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
        }
      }
    }
  });

  it('cannot be read by the app’s own role, in any way', async () => {
    const refusalOf = async (sql: string) => {
      try {
        await getPool().query(sql);
        return null;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    for (const table of ['identifiers', 'subject_keys', 'key_encryption_keys', 'requests']) {
      expect(await refusalOf(`SELECT 1 FROM vault.${table}`)).toBe('42501');
      expect(await refusalOf(`DELETE FROM vault.${table}`)).toBe('42501');
      expect(await refusalOf(`COPY vault.${table} TO STDOUT`)).toBe('42501');
    }
    expect(await refusalOf('SET ROLE countersign_vault')).toBe('42501');
    expect(await refusalOf('GRANT countersign_vault TO countersign_app')).toBe('42501');
    expect(await refusalOf('SELECT 1 FROM payload_months.m2027_05')).toMatch(/42501|42P01/);
    const reader = await getVaultPool().query('SELECT count(*)::int AS n FROM vault.identifiers');
    expect(reader.rows[0].n).toBeGreaterThan(1_000);
  });

  it('leaves evidence append-only for the vault’s role too', async () => {
    for (const table of ['records', 'looks', 'holds', 'erasures'])
      await expect(getVaultPool().query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
  });
});
