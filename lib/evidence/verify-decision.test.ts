import { describe, expect, test } from 'vitest';
import { formatDigest, sha256 } from '@/lib/core/hash';
import type { RecordView } from '@/lib/decisions/decision-detail';
import {
  buildCase,
  type Case,
  CONSOLE,
  detailOf,
  earlierRoot,
  PRODUCER,
  type Stored,
} from './testing/build-case';
import { type VerificationMemory, verifyDecision } from './verify-decision';

const NOTHING: VerificationMemory = { points: new Map(), checkpoint: null };

async function run(made: Case, memory = NOTHING) {
  let ticks = 0;
  const told: string[] = [];
  const result = await verifyDecision(made.detail, made.material, made.source, {
    clock: () => ticks++,
    nowMs: Date.UTC(2026, 10, 20, 7),
    memory,
    check: ({ id }) => told.push(id),
  });
  expect(told).toEqual(result.checks.map(({ id }) => id));
  const verdicts = Object.fromEntries(result.checks.map(({ id, verdict }) => [id, verdict]));
  const invalid = result.checks.filter(({ verdict }) => verdict === 'invalid').map(({ id }) => id);
  return { ...result, verdicts, invalid };
}

/** Changes stored rows as a superuser could, and answers from what is stored then. */
function tamper(
  made: Case,
  stream: string,
  position: number,
  change: (stored: Stored) => Partial<Stored>,
): Case {
  const rows = made.streams.get(stream) as Stored[];
  rows[position - 1] = { ...(rows[position - 1] as Stored), ...change(rows[position - 1] as Stored) };
  made.detail = { ...detailOf(made.streams), row: made.detail.row };
  return made;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

test('a whole case: every check is VALID but those that cannot be made here', async () => {
  const { verdicts, invalid, points, checkpoint } = await run(buildCase());
  expect(invalid).toEqual([]);
  const open = Object.entries(verdicts)
    .filter(([, verdict]) => verdict !== 'valid')
    .map(([id]) => id);
  expect(open).toEqual(['log.consistency', 'review.passkey', 'witnesses']);
  expect(Object.keys(verdicts)).toEqual([
    'record.signature',
    'record.place',
    'record.projection',
    'record.columns',
    'chain.signature',
    'chain.link',
    'chain.seq',
    'chain.copy',
    'review.chain.signature',
    'review.chain.link',
    'review.chain.seq',
    'review.chain.copy',
    'log.inclusion',
    'log.checkpoint',
    'log.consistency',
    'review.inclusion',
    'review.statement',
    'token.signature',
    'action.digest',
    'review.passkey',
    'witnesses',
  ]);
  expect(points.map(({ stream }) => stream)).toEqual([PRODUCER, CONSOLE]);
  expect(checkpoint?.size).toBe(10);
});

describe('one byte changed in the database', () => {
  const at = (text: string) => (stored: Stored) => new TextDecoder().decode(stored.bytes).indexOf(text);
  const rows: [string, string, number, (stored: Stored) => Partial<Stored>, string[]][] = [
    [
      "the decision's payload",
      PRODUCER,
      3,
      (stored) => ({ bytes: flip(stored.bytes, at('"payload":"')(stored) + 400) }),
      ['record.signature', 'chain.signature', 'chain.link'],
    ],
    [
      "the decision's signature",
      PRODUCER,
      3,
      (stored) => ({ bytes: flip(stored.bytes, at('"sig":"')(stored) + 20) }),
      ['record.signature', 'chain.signature', 'chain.link'],
    ],
    [
      "the decision's key id",
      PRODUCER,
      3,
      (stored) => ({ bytes: flip(stored.bytes, at('"keyid":"')(stored) + 12) }),
      ['record.signature', 'chain.signature', 'chain.link'],
    ],
    [
      "the decision's link",
      PRODUCER,
      3,
      (stored) => ({ link: flip(stored.link, 63) }),
      ['chain.link', 'log.inclusion'],
    ],
    [
      'a record before it',
      PRODUCER,
      2,
      (stored) => ({ bytes: flip(stored.bytes, at('"payload":"')(stored) + 60) }),
      ['chain.signature', 'chain.link'],
    ],
    ['the link before it', PRODUCER, 2, (stored) => ({ link: flip(stored.link, 0) }), ['chain.link']],
    [
      'the review',
      CONSOLE,
      2,
      (stored) => ({ bytes: flip(stored.bytes, at('"payload":"')(stored) + 500) }),
      ['review.chain.signature', 'review.chain.link'],
    ],
    [
      'the link of the review',
      CONSOLE,
      2,
      (stored) => ({ link: flip(stored.link, 10) }),
      ['review.chain.link', 'review.inclusion', 'token.signature'],
    ],
    [
      'the redemption',
      CONSOLE,
      5,
      (stored) => ({ bytes: flip(stored.bytes, at('"payload":"')(stored) + 300) }),
      ['review.chain.signature', 'review.chain.link'],
    ],
  ];
  test.each(rows)('%s', async (_, stream, position, change, caught) => {
    const { invalid, checks, points, checkpoint } = await run(tamper(buildCase(), stream, position, change));
    expect(invalid).toEqual(expect.arrayContaining(caught));
    const chain = checks.find(({ id }) => id.endsWith('chain.link') && invalid.includes(id));
    expect(chain?.where?.stream).toBe(stream);
    expect(chain?.where?.position).toBeGreaterThanOrEqual(position);
    expect(chain?.where?.position).toBeLessThanOrEqual(position + 1);
    expect(chain?.expected).toMatch(/^[0-9a-f]{128}$/);
    expect(chain?.computed).not.toBe(chain?.expected);
    expect(points.some((remembered) => remembered.stream === stream)).toBe(false);
    expect(checkpoint).toBeNull();
  });

  test('no byte of the decision record can change unnoticed', async () => {
    const [, , decision] = buildCase().streams.get(PRODUCER) ?? [];
    const length = decision?.bytes.length ?? 0;
    expect(length).toBeGreaterThan(1_000);
    for (let index = 0; index < length; index += 97) {
      const { invalid } = await run(
        tamper(buildCase(), PRODUCER, 3, ({ bytes }) => ({ bytes: flip(bytes, index) })),
      );
      expect(invalid, `byte ${index}`).toContain('chain.link');
      expect(invalid, `byte ${index}`).toContain('record.signature');
    }
  });
});

describe('what the database could also be made to say', () => {
  test('a record taken out of the middle', async () => {
    const made = buildCase();
    made.streams.get(PRODUCER)?.splice(1, 1);
    const { verdicts, checks } = await run(made);
    expect(verdicts['chain.link']).toBe('invalid');
    expect(checks.find(({ id }) => id === 'chain.link')).toMatchObject({
      code: 'position_gap',
      where: { position: 3 },
    });
    expect(verdicts['chain.seq']).toBe('invalid');
  });

  test('the decision taken out at the end of what is served', async () => {
    const made = buildCase();
    made.streams.get(PRODUCER)?.splice(2);
    const { checks } = await run(made);
    expect(checks.find(({ id }) => id === 'chain.link')).toMatchObject({
      verdict: 'invalid',
      code: 'position_gap',
    });
    expect(checks.find(({ id }) => id === 'chain.copy')).toMatchObject({
      verdict: 'invalid',
      where: { position: 3 },
    });
    expect(checks.find(({ id }) => id === 'log.inclusion')?.verdict).toBe('not-checked');
  });

  test('another copy on the page than in the stream', async () => {
    const made = buildCase();
    const other = buildCase({ seqGap: true }).detail.record as RecordView;
    made.detail = { ...made.detail, record: other };
    expect((await run(made)).invalid).toEqual(['chain.copy']);
  });

  test.each([
    ['agent', 'someone-else'],
    ['verdict', 'allow'],
    ['amount', '1.00'],
    ['occurredAt', '2026-11-19T06:02:00.000Z'],
    ['reasonCode', 'fine'],
  ])('the column %s of the search', async (column, value) => {
    const made = buildCase();
    made.detail = { ...made.detail, row: { ...made.detail.row, [column]: value } };
    const { invalid, checks } = await run(made);
    expect(invalid).toEqual(['record.projection']);
    expect(checks.find(({ id }) => id === 'record.projection')?.code).toBe('projection_differs');
  });

  test('a search row that points at a record which is not there', async () => {
    const made = buildCase();
    made.detail = { ...made.detail, record: null, related: [] };
    expect((await run(made)).invalid).toEqual(['record.signature']);
  });
});

describe('what whoever holds the keys could sign', () => {
  test('a counter with a hole: the producer signed a record that never arrived', async () => {
    const { invalid, checks } = await run(buildCase({ seqGap: true }));
    expect(invalid).toEqual(['chain.seq']);
    expect(checks.find(({ id }) => id === 'chain.seq')?.compared).toContain('number 3 never arrived');
  });
  test('a verdict whose digest is another', async () => {
    const other = formatDigest('sha-256', sha256(new Uint8Array(1)));
    expect((await run(buildCase({ statementDigest: other }))).invalid).toEqual(['review.statement']);
  });
  test('a redemption of another action', async () => {
    const { checks, invalid } = await run(buildCase({ redeemedAction: 'B'.repeat(43) }));
    expect(invalid).toEqual(['action.digest']);
    expect(checks.find(({ id }) => id === 'action.digest')?.compared).toContain('the redemption');
  });
  test('a token that rests on another record', async () => {
    const record = { stream: CONSOLE, position: 1, link: formatDigest('blake2b-512', new Uint8Array(64)) };
    const { checks, invalid } = await run(buildCase({ claims: { record } }));
    expect(invalid).toEqual(['token.signature']);
    expect(checks.find(({ id }) => id === 'token.signature')?.code).toBe('record_mismatch');
  });
  test('a token for another approval', async () => {
    const jti = 'apr_01a1f682-ea84-7ea5-a094-4f08cca0c2ff';
    expect(
      (await run(buildCase({ claims: { jti } }))).checks.find(({ id }) => id === 'token.signature')?.code,
    ).toBe('approval_mismatch');
  });
});

describe('keys, token and log', () => {
  test('a token with one bit changed', async () => {
    const made = buildCase();
    const [approval] = made.material.approvals;
    const token = approval?.token ?? '';
    for (const index of [5, token.indexOf('.') + 30, token.lastIndexOf('.') + 8]) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      made.material = {
        ...made.material,
        approvals: [{ id: approval?.id ?? '', audience: PRODUCER, token: changed }],
      };
      expect((await run(made)).invalid).toContain('token.signature');
    }
  });
  test('a token that can still be redeemed is not disclosed, and not called valid', async () => {
    const made = buildCase();
    made.material = {
      ...made.material,
      approvals: made.material.approvals.map((one) => ({ ...one, token: null })),
    };
    expect((await run(made)).verdicts['token.signature']).toBe('not-checked');
  });
  test('a key that was retired before the record was accepted', async () => {
    const made = buildCase();
    const [own, rest] = made.material.streams;
    if (!own || !rest) throw new Error('two streams');
    const keys = own.keys.map((key) => ({ ...key, retiredAt: '2026-11-19T00:00:00.000Z' }));
    made.material = { ...made.material, streams: [{ ...own, keys }, rest] };
    const { checks, invalid } = await run(made);
    expect(invalid).toEqual(['record.signature']);
    expect(checks[0]).toMatchObject({ code: 'key_validity' });
  });
  test('keys of another producer', async () => {
    const made = buildCase();
    const [own, rest] = made.material.streams;
    if (!own || !rest) throw new Error('two streams');
    made.material = { ...made.material, streams: [{ ...own, keys: rest.keys }, rest] };
    expect((await run(made)).invalid).toEqual(['record.signature', 'chain.signature']);
  });
  test('a checkpoint with one bit changed proves nothing below it', async () => {
    const made = buildCase();
    const { inclusion } = made.source;
    made.source.inclusion = async (stream, position) => {
      const found = await inclusion(stream, position);
      return found && { ...found, checkpoint: flip(found.checkpoint, 25) };
    };
    const { verdicts } = await run(made);
    expect(verdicts['log.checkpoint']).toBe('invalid');
    expect(verdicts['log.inclusion']).toBe('not-checked');
  });
  test.each([0, 1, 2])('hash %i of the inclusion proof with one bit changed', async (index) => {
    const made = buildCase();
    const { inclusion } = made.source;
    made.source.inclusion = async (stream, position) => {
      const found = await inclusion(stream, position);
      return (
        found && { ...found, hashes: found.hashes.map((hash, at) => (at === index ? flip(hash, 3) : hash)) }
      );
    };
    expect((await run(made)).verdicts['log.inclusion']).toBe('invalid');
  });
  test('no checkpoint yet is NOT CHECKED, and so is a console that does not answer', async () => {
    const made = buildCase();
    made.source.inclusion = async () => null;
    expect((await run(made)).verdicts['log.inclusion']).toBe('not-checked');
    made.source.inclusion = async () => Promise.reject(new Error('503'));
    made.source.records = () => {
      throw new Error('503');
    };
    const { verdicts, invalid } = await run(made);
    expect(invalid).toEqual([]);
    expect(verdicts['chain.link']).toBe('not-checked');
    expect(verdicts['token.signature']).toBe('not-checked');
  });
});

describe('what this verifier remembers', () => {
  test('a checkpoint from which the log grew is VALID, one with another history is INVALID', async () => {
    const made = buildCase();
    const vkey = made.material.log?.vkey ?? '';
    for (const size of [1, 2, 3, 7, 8, 9, 10]) {
      const root = earlierRoot(made.streams, size);
      const grown = await run(made, { points: new Map(), checkpoint: { size, root, vkey, atMs: 0 } });
      expect(grown.verdicts['log.consistency'], `size ${size}`).toBe('valid');
      const forked = await run(made, {
        points: new Map(),
        checkpoint: { size, root: flip(root, 0), vkey, atMs: 0 },
      });
      expect(forked.verdicts['log.consistency'], `size ${size}`).toBe('invalid');
      expect(forked.checkpoint).toBeNull();
    }
  });
  test('a log that changes its key is INVALID', async () => {
    const made = buildCase();
    const checkpoint = { size: 3, root: earlierRoot(made.streams, 3), vkey: 'other+00000000+AA', atMs: 0 };
    expect((await run(made, { points: new Map(), checkpoint })).verdicts['log.consistency']).toBe('invalid');
  });
  test('the walk goes on from a remembered point, and a rewritten past no longer joins it', async () => {
    const made = buildCase();
    const first = made.streams.get(PRODUCER)?.[1] as Stored;
    const point = { position: 2, link: first.link, sequence: { last: 2, holes: [] } };
    const points = new Map([[PRODUCER, [point]]]);
    const resumed = await run(made, { points, checkpoint: null });
    expect(resumed.invalid).toEqual([]);
    expect(resumed.checks.find(({ id }) => id === 'chain.link')?.compared).toContain('1 link from record 3');
    const rewritten = new Map([[PRODUCER, [{ ...point, link: flip(point.link, 5) }]]]);
    expect((await run(made, { points: rewritten, checkpoint: null })).invalid).toContain('chain.link');
  });
});

test('what a bridge signed is NOT CHECKED at its source, and the search may not hide that', async () => {
  const origin = { signed_at: 'bridge', protocol: 'otlp' } as const;
  const made = buildCase({ origin });
  const hidden = await run(made);
  expect(hidden.invalid).toEqual(['record.projection']);
  made.detail = { ...made.detail, row: { ...made.detail.row, origin: 'otlp' } };
  const { checks, invalid } = await run(made);
  expect(invalid).toEqual([]);
  expect(checks.find(({ id }) => id === 'record.origin')).toMatchObject({
    verdict: 'not-checked',
    reason: `not signed at source: made from OpenTelemetry spans by ${PRODUCER}`,
  });
  expect((await run(buildCase())).verdicts).not.toHaveProperty('record.origin');
});

test('a case can be cancelled', async () => {
  const made = buildCase();
  const controller = new AbortController();
  controller.abort(new Error('stopped by the person'));
  await expect(
    verifyDecision(made.detail, made.material, made.source, {
      clock: () => 0,
      nowMs: 0,
      memory: NOTHING,
      signal: controller.signal,
    }),
  ).rejects.toThrow('stopped by the person');
});
