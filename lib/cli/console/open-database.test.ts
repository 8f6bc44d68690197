import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { Refusal } from '../refusal';
import { openDatabase } from './open-database';

const dataDirectory = mkdtempSync(join(tmpdir(), 'countersign-open-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

function urlWith(
  change: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port' | 'hostname'>>,
): string {
  return Object.assign(new URL(inject('ownerUrl')), change).href;
}

describe('DATABASE_URL', () => {
  it.each([
    ['words', () => 'my database', /is not the address of a PostgreSQL/],
    ['another database', () => 'mysql://root@localhost/x', /is not the address of a PostgreSQL/],
    ['a port where nothing listens', () => urlWith({ port: '1' }), /No PostgreSQL answers at 127\.0\.0\.1:1/],
    [
      'a host that does not exist',
      () => urlWith({ hostname: 'nowhere.invalid' }),
      /No PostgreSQL answers at nowhere/,
    ],
    ['a wrong password', () => urlWith({ password: 'wrong' }), /refused the sign-in of "countersign"/],
    ['an unknown user', () => urlWith({ username: 'nobody' }), /refused the sign-in of "nobody"/],
    ['a database that is not there', () => urlWith({ pathname: '/absent' }), /has no database "absent"/],
  ])('that is %s gets one sentence, and never shows the password', async (_name, url, sentence) => {
    const refused = openDatabase({ dataDirectory, databaseUrl: url() });
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    await expect(refused).rejects.not.toThrow(new URL(inject('ownerUrl')).password);
  });

  it('of a database that a later version migrated is refused', async () => {
    const admin = new Client({ connectionString: urlWith({ pathname: '/postgres' }) });
    await admin.connect();
    await admin.query('CREATE DATABASE later TEMPLATE countersign');
    const later = new Client({ connectionString: urlWith({ pathname: '/later' }) });
    await later.connect();
    await later.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '99999999999999_later', now())",
    );
    await later.end();
    await expect(
      openDatabase({ dataDirectory, databaseUrl: urlWith({ pathname: '/later' }) }),
    ).rejects.toThrow(/migrated by a later version/);
    await admin.query('DROP DATABASE later');
    await admin.end();
  });
});
