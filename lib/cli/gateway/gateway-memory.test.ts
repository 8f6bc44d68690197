import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callKey, type PendingCall } from '@/lib/gateway/call-journal';
import { openFileJournal } from './file-journal';
import { openFileOutbox } from './file-outbox';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-gateway-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function call(session = 'run-7', stage: PendingCall['stage'] = { name: 'asking' }): PendingCall {
  const actionDigest = 'A'.repeat(43);
  return {
    v: 1,
    key: callKey(session, actionDigest),
    session,
    actionDigest,
    evaluationId: 'evl_1',
    decisionId: 'dec_1',
    idempotencyKey: 'evl_1',
    askedAtMs: 1_795_163_760_000,
    terms: {
      quorum: [{ role: 'reviewer', count: 1 }],
      breakGlass: false,
      policyDigest: `sha-256:${'0'.repeat(64)}`,
    },
    stage,
  };
}

describe('the journal of waiting calls', () => {
  it('has after a restart what was put, at its last stage, and not what was removed', async () => {
    const first = openFileJournal(directory);
    await first.put(call('a'));
    await first.put(call('b'));
    await first.put(call('a', { name: 'waiting', taskId: 'esc_1' }));
    await first.remove(call('b').key);
    await first.remove(call('never').key);
    const second = openFileJournal(directory);
    expect(await second.list()).toEqual([call('a', { name: 'waiting', taskId: 'esc_1' })]);
    expect(await second.get(call('a').key)).toMatchObject({ stage: { taskId: 'esc_1' } });
  });

  it('is for nobody else to read', async () => {
    await openFileJournal(directory).put(call());
    const [name] = readdirSync(join(directory, 'calls'));
    expect(statSync(join(directory, 'calls', String(name))).mode & 0o077).toBe(0);
  });

  it('passes over what a crash left before the rename', async () => {
    await openFileJournal(directory).put(call());
    writeFileSync(join(directory, 'calls', `${call('x').key}.json.new`), '{"v":1,');
    expect(await openFileJournal(directory).list()).toEqual([call()]);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, 40)],
    ['an unknown stage', (text: string) => text.replace('"asking"', '"approved"')],
    ['a member more', (text: string) => text.replace('{"v":1', '{"approved":true,"v":1')],
    ['the entry of another call', () => JSON.stringify(call('other'))],
  ])('does not start over %s', async (_damage, change) => {
    await openFileJournal(directory).put(call());
    const path = join(directory, 'calls', `${call().key}.json`);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    expect(() => openFileJournal(directory)).toThrow(/is damaged/);
  });

  it('takes no more than a thousand calls', async () => {
    await openFileJournal(directory).put(call('run-0'));
    for (let n = 1; n < 1_000; n++) {
      const entry = call(`run-${n}`);
      writeFileSync(join(directory, 'calls', `${entry.key}.json`), JSON.stringify(entry));
    }
    const journal = openFileJournal(directory);
    await expect(journal.put(call('one more'))).rejects.toThrow(/Too many/);
    await journal.put(call('run-3', { name: 'waiting', taskId: 'esc_3' }));
  });
});

describe('the outbox of signed records', () => {
  const stream = 'spiffe://example.org/gateway/files';
  const record = (seq: number) => ({ stream, seq, id: `rec_${seq}`, bytes: new Uint8Array([seq, 0, 255]) });

  it('continues the numbers and has the unanswered after a restart', async () => {
    const first = openFileOutbox(directory, stream);
    for (const seq of [1, 2, 3]) await first.add(record(seq));
    await first.settle(record(1));
    await first.settle(record(3));
    const second = openFileOutbox(directory, stream);
    expect(await second.lastSeq(stream)).toBe(3);
    expect(await second.pending(stream)).toEqual([record(2)]);
    await second.settle(record(2));
    const third = openFileOutbox(directory, stream);
    expect(await third.lastSeq(stream)).toBe(3);
    expect(await third.pending(stream)).toEqual([]);
  });

  it('does not start over the memory of another stream, nor over a damaged one', async () => {
    await openFileOutbox(directory, stream).add(record(1));
    expect(() => openFileOutbox(directory, `${stream}/2`)).toThrow(/a directory of its own/);
    writeFileSync(join(directory, 'records', '1.json'), '{}');
    expect(() => openFileOutbox(directory, stream)).toThrow(/is damaged/);
  });
});
