import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { GET as getJwks } from '@/app/.well-known/jwks.json/route';
import type { JsonValue } from '@/lib/core/json';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { parseJwks } from '@/lib/tokens/jwks';
import { parseToken, verifyToken } from '@/lib/tokens/token';
import { evaluate } from '../access/evaluate';
import { findApproval } from '../approvals/find-approval';
import { redeemApproval } from '../approvals/redeem';
import { verifyReviewRecord } from '../approvals/verify-review-record';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { listConsoleKeys } from '../health/list-console-keys';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { finishRotations } from './finish-rotations';
import { getSigningKey, signingKeyOf } from './key-directory';
import { replaceSecret, writeSecret } from './key-files';
import { rotateKey } from './rotate-key';

await startTestConsole();
let bank: TestOrganisation;

beforeAll(async () => {
  // The approvals of these tests are made in the fixture's time, so the first keys count from before it.
  await publishConsoleKeys({ nowMs: at(-1000).nowMs });
  bank = await createOrganisation(reviewPolicy());
});

async function approve() {
  const action = largePayment();
  const task = await submitPayment(bank, action);
  const reviewer = await bank.person(['reviewer']);
  const detail = await readEscalationPage(reviewer, task.id);
  const { approval } = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  if (!approval) throw new Error('not approved');
  return { ...approval, action };
}

const redeem = ({ id, token, action }: Awaited<ReturnType<typeof approve>>) =>
  redeemApproval(bank.gateway, id, { token, action }, at(40));

const kidOf = (token: string) => {
  const parsed = parseToken(token);
  return parsed.ok ? parsed.value.header.kid : null;
};

describe('rotateKey', () => {
  it('approval: what the old key signed is still redeemed, shown and published; the new one signs from now on', async () => {
    const before = await approve();
    const old = getSigningKey('approval').keyid;
    const { keyid, retired } = await rotateKey(
      { purpose: 'approval', compromised: false, by: 'test' },
      at(25),
    );
    expect(retired).toBe(old);
    expect(getSigningKey('approval').keyid).toBe(keyid);
    expect(kidOf(before.token)).toBe(old);
    const found = await findApproval(getPool(), { tenant: bank.tenant, id: before.id });
    expect(found?.token()).toBe(before.token);
    expect(await redeem(before)).toMatchObject({ approval_id: before.id });
    const after = await approve();
    expect(kidOf(after.token)).toBe(keyid);
    expect(await redeem(after)).toMatchObject({ approval_id: after.id });
    const published = await listConsoleKeys('approval');
    expect(published.map((key) => [key.keyid, key.retiredAt !== null])).toEqual([
      [old, true],
      [keyid, false],
    ]);
    const records = await recordsOf(bank.tenant, 'key.retired');
    expect(records.at(-1)?.body).toMatchObject({ purpose: 'approval', keyid: old, compromised: false });
  });

  it('approval, stolen: nothing it signed counts any more, here or at a gateway that asks again', async () => {
    const stolen = await approve();
    const waiting = await approve();
    await rotateKey({ purpose: 'approval', compromised: true, by: 'test' }, at(30));
    await expect(redeem(stolen)).rejects.toMatchObject({ code: 'signature_invalid' });
    const answer = await evaluate(bank.gateway, waiting.action, { approval: waiting.token }, at(31));
    expect(answer).toMatchObject({ decision: false, context: { reason_code: 'signature_invalid' } });
    const jwks = parseJwks((await (await getJwks()).json()) as JsonValue);
    if (!jwks.ok) throw new Error(jwks.code);
    expect(jwks.value.map(({ kid }) => kid)).toContain(kidOf(stolen.token));
    const offline = verifyToken(stolen.token, {
      keys: jwks.value,
      audience: bank.gateway.producerId,
      nowMs: at(31).nowMs,
      action: stolen.action,
      thumbprint: bank.gateway.keyid,
    });
    expect(offline).toMatchObject({ ok: false, code: 'signature_invalid', detail: 'key_validity' });
  });

  it('journal: the record of the exchange is the first under the new key, and older ones still verify', async () => {
    const before = await approve();
    const claims = parseToken(before.token);
    if (!claims.ok) throw new Error(claims.code);
    const old = getSigningKey('journal').keyid;
    const { keyid } = await rotateKey({ purpose: 'journal', compromised: false, by: 'test' });
    const rows = await getPool().query<{ kind: string; envelope: Buffer }>(
      'SELECT kind, envelope FROM records WHERE stream = $1 ORDER BY position DESC LIMIT 3',
      [`console/${bank.tenant}`],
    );
    const signers = rows.rows.map(({ kind, envelope }) => {
      const parsed = parseEnvelope(new Uint8Array(envelope));
      return [kind, parsed.ok ? parsed.value.signatures[0]?.keyid : null];
    });
    expect(signers).toEqual([
      ['key.retired', keyid],
      ['key.added', keyid],
      ['approval.issued', old],
    ]);
    expect(await verifyReviewRecord(getPool(), bank.tenant, claims.value.claims)).toMatchObject({ ok: true });
    expect(await redeem(before)).toMatchObject({ approval_id: before.id });
  });

  it('two at once follow each other: every key but the last is retired once', async () => {
    const [first, second] = await Promise.all([
      rotateKey({ purpose: 'journal', compromised: false, by: 'test' }),
      rotateKey({ purpose: 'journal', compromised: false, by: 'test' }),
    ]);
    expect([first.retired, second.retired]).toContain(
      [first.keyid, second.keyid].find((id) => id !== getSigningKey('journal').keyid),
    );
    const open = (await listConsoleKeys('journal')).filter(({ retiredAt }) => retiredAt === null);
    expect(open.map(({ keyid }) => keyid)).toEqual([getSigningKey('journal').keyid]);
  });

  it('leaves secrets that only their owner reads, and nothing half done', async () => {
    const directory = join(getConfig().dataDirectory, 'keys');
    const names = readdirSync(directory);
    expect(names.filter((name) => name.endsWith('.next') || name.endsWith('.new'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.retired')).length).toBe(2);
    for (const name of names) expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
  });
});

describe('an interrupted exchange', () => {
  const { dataDirectory } = getConfig();
  const finish = () => inTransaction(finishRotations);

  it('that was committed is finished by the next start', async () => {
    const next = signingKeyOf('approval', new Uint8Array(randomBytes(32)));
    writeSecret(dataDirectory, `approval.${next.keyid}.next`, next.seed);
    await getPool().query(
      `INSERT INTO console_keys (keyid, purpose, public_key, valid_from) VALUES ($1, 'approval', $2, now())`,
      [next.keyid, Buffer.from(next.publicKey)],
    );
    expect(getSigningKey('approval').keyid).not.toBe(next.keyid);
    await finish();
    expect(getSigningKey('approval').keyid).toBe(next.keyid);
    expect(existsSync(join(dataDirectory, 'keys', `approval.${next.keyid}.next`))).toBe(false);
  });

  it('that was not committed never happened', async () => {
    const before = getSigningKey('approval').keyid;
    const next = signingKeyOf('approval', new Uint8Array(randomBytes(32)));
    writeSecret(dataDirectory, `approval.${next.keyid}.next`, next.seed);
    await finish();
    expect(getSigningKey('approval').keyid).toBe(before);
    expect(existsSync(join(dataDirectory, 'keys', `approval.${next.keyid}.next`))).toBe(false);
  });

  it('a file under another key’s name is not put into force', async () => {
    const before = getSigningKey('approval').keyid;
    const named = signingKeyOf('approval', new Uint8Array(randomBytes(32)));
    const planted = signingKeyOf('approval', new Uint8Array(randomBytes(32)));
    await getPool().query(
      `INSERT INTO console_keys (keyid, purpose, public_key, valid_from) VALUES ($1, 'approval', $2, now())`,
      [named.keyid, Buffer.from(named.publicKey)],
    );
    writeSecret(dataDirectory, `approval.${named.keyid}.next`, planted.seed);
    await finish();
    expect(getSigningKey('approval').keyid).toBe(before);
  });

  it('another process’s exchange counts here at once', () => {
    const next = signingKeyOf('drill', new Uint8Array(randomBytes(32)));
    expect(getSigningKey('drill').keyid).not.toBe(next.keyid);
    writeSecret(dataDirectory, 'drill.other', next.seed);
    replaceSecret(dataDirectory, 'drill.other', 'drill.ed25519');
    expect(getSigningKey('drill').keyid).toBe(next.keyid);
  });
});
