import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CallJournal, type PendingCall, pendingCallSchema } from '@/lib/gateway/call-journal';
import { removeDurably, writeDurably } from '../console/write-durably';
import { Refusal } from '../refusal';

/** More calls than this never wait for one gateway: something floods it. */
const MAX_CALLS = 1_000;

/**
 * The calls that wait for people, one file each: `<directory>/calls/<key>.json`. A write is on disk before it resolves.
 * @throws Refusal when a file cannot be read: a gateway that forgets could execute twice
 */
export function openFileJournal(directory: string): CallJournal {
  const folder = join(directory, 'calls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (key: string) => join(folder, `${key}.json`);
  const calls = readCalls(folder);
  return {
    get: async (key) => calls.get(key),
    async put(call) {
      if (!calls.has(call.key) && calls.size >= MAX_CALLS) throw new Error('Too many calls wait already.');
      const checked = pendingCallSchema.parse(call);
      writeDurably(pathOf(checked.key), `${JSON.stringify(checked)}\n`);
      calls.set(checked.key, checked);
    },
    async remove(key) {
      if (!calls.delete(key) && !existsSync(pathOf(key))) return;
      removeDurably(pathOf(key));
    },
    list: async () => [...calls.values()],
  };
}

function readCalls(folder: string): Map<string, PendingCall> {
  const calls = new Map<string, PendingCall>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // Left by a crash before the rename: it never counted.
    if (name.endsWith('.new')) rmSync(path, { force: true });
    else {
      const call = readCall(path);
      if (`${call.key}.json` !== name) throw damaged(path);
      calls.set(call.key, call);
    }
  }
  return calls;
}

function readCall(path: string): PendingCall {
  try {
    return pendingCallSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw damaged(path);
  }
}

const damaged = (path: string): Refusal =>
  new Refusal(
    `The gateway's memory ${path} is damaged. Restore it from your backup, or remove it when you know what became of that call.`,
  );
