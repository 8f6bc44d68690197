import { describe, expect, test } from 'vitest';
import { equalBytes } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import type { Role } from '@/lib/identity/role';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash, verifyInclusion } from '@/lib/integrity/merkle';
import { createPerson } from '@/lib/server/identity/create-person';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { ingestRecords } from '@/lib/server/records/ingest';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant } from '@/lib/server/testing/test-producer';
import { GET as getInclusion } from './inclusion/route';
import { GET as getRecords } from './records/route';
import { GET as getStreams } from './route';

await startTestConsole();
await openLog();
const bank = await createTestTenant('bank');
const hospital = await createTestTenant('hospital');
const producer = await createTestProducer(bank);
await ingestRecords(
  null,
  Array.from({ length: 1_203 }, () => producer.record()),
);

async function headersOf(tenant: string, role: Role): Promise<Record<string, string>> {
  const { id } = await createPerson({ tenant, email: `${role}@${tenant}.test`, name: role, roles: [role] });
  return signInAs(id, tenant);
}
const auditor = await headersOf(bank, 'auditor');
const admin = await headersOf(bank, 'admin');
const reviewer = await headersOf(bank, 'reviewer');
const stranger = await headersOf(hospital, 'auditor');

const ask = (path: string, query: object, headers: Record<string, string> = auditor) =>
  new Request(`http://console.test/api/v1/streams${path}?${new URLSearchParams(Object.entries(query))}`, {
    headers,
  });

interface Line {
  position: number;
  envelope: string;
  link: string;
  id: string;
  acceptedAt: string;
}

async function lines(query: { from?: string; to?: string }): Promise<Line[]> {
  const answer = await getRecords(ask('/records', { stream: producer.id, ...query }));
  expect(answer.status).toBe(200);
  return (await answer.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function bytesOf(text: string): Uint8Array {
  const bytes = parseBase64(text);
  if (!bytes.ok) throw new Error(bytes.code);
  return bytes.value;
}

describe('records of a stream', () => {
  test('arrive whole and in order over several pages, and the chain follows from them', async () => {
    const all = await lines({});
    expect(all).toHaveLength(1_203);
    let link = genesisLink(producer.id);
    all.forEach((line, i) => {
      expect(line.position).toBe(i + 1);
      link = nextLink(link, line.position, recordDigest(bytesOf(line.envelope)));
      expect(equalBytes(link, bytesOf(line.link))).toBe(true);
    });
  });

  test('a range is a range', async () => {
    expect((await lines({ from: '500', to: '502' })).map(({ position }) => position)).toEqual([
      500, 501, 502,
    ]);
    expect(await lines({ from: '1204' })).toEqual([]);
    expect((await lines({ from: '1203', to: '99999999' })).map(({ position }) => position)).toEqual([1203]);
  });

  test.each([{ from: '0' }, { from: '-1' }, { from: '1e99' }, { to: 'x' }])(
    'a wrong range is refused: %o',
    async (query) => {
      const answer = await getRecords(ask('/records', { stream: producer.id, ...query }));
      expect(answer.status).toBe(400);
    },
  );
});

describe('inclusion', () => {
  test('waits for a checkpoint, then proves the record', async () => {
    const waiting = await getInclusion(ask('/inclusion', { stream: producer.id, position: '7' }));
    expect(waiting.status).toBe(404);
    expect(await waiting.json()).toMatchObject({ code: 'not_logged_yet' });
    await sequence({ force: true });
    const answer = await getInclusion(ask('/inclusion', { stream: producer.id, position: '7' }));
    const proof = (await answer.json()) as {
      index: number;
      size: number;
      hashes: string[];
      checkpoint: string;
    };
    const [record] = await lines({ from: '7', to: '7' });
    const checkpoint = await getCheckpoint();
    expect(Buffer.from(checkpoint?.note ?? []).toString()).toBe(proof.checkpoint);
    const leaf = leafHash(
      formatEntry({ stream: producer.id, position: 7, link: bytesOf(record?.link ?? '') }),
    );
    const root = checkpoint?.root as Uint8Array;
    const evidence = { index: proof.index, size: proof.size, leaf, proof: proof.hashes.map(bytesOf), root };
    expect(verifyInclusion(evidence).ok).toBe(true);
    const beyond = await getInclusion(ask('/inclusion', { stream: producer.id, position: '1204' }));
    expect(beyond.status).toBe(404);
  });
});

describe('the list', () => {
  test('shows heads, gaps and rates of this tenant only', async () => {
    const behind = await createTestProducer(bank);
    await ingestRecords(null, [behind.record({ seq: 4 })]);
    const answer = (await (await getStreams(ask('', {}))).json()) as { streams: Record<string, unknown>[] };
    const names = answer.streams.map(({ stream }) => stream);
    expect(names).toEqual([`console/${bank}`, producer.id, behind.id].sort());
    expect(answer.streams.find(({ stream }) => stream === producer.id)).toMatchObject({
      position: 1_203,
      lastSeq: 1_203,
      decisionsLastDay: 1_203,
      gaps: [],
    });
    expect(answer.streams.find(({ stream }) => stream === behind.id)).toMatchObject({
      gaps: [{ fromSeq: 1, toSeq: 3 }],
    });
    const other = (await (await getStreams(ask('', {}, stranger))).json()) as {
      streams: { stream: string }[];
    };
    expect(
      other.streams.map(({ stream }) => stream).filter((name) => !name.startsWith('console/hospital')),
    ).toEqual([]);
  });
});

describe('who may not', () => {
  const routes = [
    ['records', getRecords, { stream: producer.id }],
    ['inclusion', getInclusion, { stream: producer.id, position: '1' }],
  ] as const;
  test.each(routes)('%s', async (path, handler, query) => {
    const signedOut = await handler(ask(`/${path}`, query, {}));
    expect(signedOut.status).toBe(401);
    expect((await handler(ask(`/${path}`, query, admin))).status).toBe(403);
    // Another tenant's stream answers exactly like one that does not exist.
    const foreign = await handler(ask(`/${path}`, query, stranger));
    const missing = await handler(ask(`/${path}`, { ...query, stream: 'spiffe://nowhere.test/x' }, stranger));
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await missing.text());
  });

  test("a reviewer reads producers, not the console's journal: it holds verdicts of pending escalations", async () => {
    expect((await getRecords(ask('/records', { stream: producer.id }, reviewer))).status).toBe(200);
    const journal = { stream: `console/${bank}` };
    expect((await getRecords(ask('/records', journal))).status).toBe(200);
    const refused = await getRecords(ask('/records', journal, reviewer));
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'role_required' }),
    ]);
  });
});
