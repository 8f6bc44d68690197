import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { formatAddCheckpoint, MAX_ADD_CHECKPOINT_BYTES } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { parseWitnessSettings } from './witness-settings';

const log = { name: 'log.example/log', seed: new Uint8Array(32).fill(3) };
const vkey = formatNoteKey(checkpointKeyOf(log));
const body = formatAddCheckpoint({
  oldSize: 0,
  proof: [],
  checkpoint: signCheckpoint({ origin: log.name, size: 1, root: new Uint8Array(32).fill(1) }, log),
});

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-witness-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** The command as a partner runs it; resolves once it listens. */
async function start(): Promise<{ url: string; vkey: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'lib/cli/main.ts', 'witness', '--directory', directory, '--port', '0', '--log', vkey],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  children.push(child);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const told = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(errors))),
  ]);
  return { ...(told[0] as { url: string; vkey: string }), child };
}

const post = (url: string, bytes: Uint8Array) =>
  fetch(`${url}/add-checkpoint`, { method: 'POST', body: bytes as BodyInit });

describe('countersign witness', () => {
  it('keeps its key and its memory when it is killed, and takes no second process', async () => {
    const first = await start();
    expect((await post(first.url, body)).status).toBe(200);
    expect(readFileSync(join(directory, 'keys/witness.ed25519'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(join(directory, 'keys/witness.ed25519')).mode & 0o077).toBe(0);
    await expect(start()).rejects.toThrow(/in use by another witness/);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await start();
    expect(second.vkey).toBe(first.vkey);
    const conflict = await post(second.url, body);
    expect([conflict.status, conflict.headers.get('content-type'), await conflict.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '1\n',
    ]);
    const about = await fetch(second.url);
    expect(await about.text()).toContain(`${second.vkey}\n`);
    expect((await fetch(`${second.url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${second.url}/other`)).status).toBe(404);
    expect((await post(second.url, new Uint8Array(MAX_ADD_CHECKPOINT_BYTES + 1))).status).toBe(413);
    second.child.kill('SIGTERM');
    expect((await once(second.child, 'exit'))[0]).toBe(0);
  });
});

describe('the settings of a witness', () => {
  it('are a directory, a port, a name and the logs', () => {
    expect(
      parseWitnessSettings(['--directory', '/srv/w', '--log', vkey, '--port', '4090', '--name', 'w.example']),
    ).toMatchObject({
      directory: '/srv/w',
      port: 4090,
      host: '127.0.0.1',
      name: 'w.example',
      logs: [{ name: log.name }],
    });
  });

  it.each([
    ['nothing', [], /^Usage/],
    ['no log', ['--directory', '/srv/w'], /^Usage/],
    ['an unknown option', ['--directory', '/srv/w', '--log', vkey, '--force'], /^Usage/],
    ['a port in words', ['--directory', '/srv/w', '--log', vkey, '--port', 'http'], /^--port/],
    ['a name with a plus', ['--directory', '/srv/w', '--log', vkey, '--name', 'a+b'], /^--name/],
    ['a key that is none', ['--directory', '/srv/w', '--log', 'x+y+z'], /^--log/],
  ])('are refused with %s', (_name, args, sentence) => {
    expect(() => parseWitnessSettings(args)).toThrow(sentence);
  });
});
