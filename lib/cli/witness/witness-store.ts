import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { equalBytes } from '@/lib/core/bytes';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import type { TreeHead } from '@/lib/integrity/witness/c2sp/decide-add-checkpoint';
import { writeDurably } from '../console/write-durably';
import { Refusal } from '../refusal';

const STATE_FILE = 'heads.json';

const stateFile = z.strictObject({
  format: z.literal('countersign/witness/v1'),
  heads: z.record(z.string(), z.strictObject({ size: z.int().nonnegative(), root: z.base64() })),
});

/** The checkpoints that a witness cosigned last, one a log; on disk before anybody is told. */
export interface WitnessStore {
  head(origin: string): TreeHead | null;
  /**
   * Makes `next` the head of a log if it still is `from`, durably: written aside, flushed, renamed, the directory flushed.
   * @returns false when the head has moved meanwhile
   * @throws when the disk refuses; the head is then whatever the disk says
   */
  advance(origin: string, from: TreeHead | null, next: TreeHead): boolean;
  heads(): ReadonlyMap<string, TreeHead>;
}

/** Opens the state in `directory`, making it when it is new. @throws Refusal when what is there cannot be read */
export function openWitnessStore(directory: string): WitnessStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let heads = readHeads(directory);
  return {
    head: (origin) => heads.get(origin) ?? null,
    heads: () => heads,
    advance(origin, from, next) {
      if (!isSame(heads.get(origin) ?? null, from)) return false;
      const grown = new Map(heads).set(origin, { size: next.size, root: next.root });
      try {
        writeHeads(directory, grown);
      } catch (error) {
        heads = readHeads(directory);
        throw error;
      }
      heads = grown;
      return true;
    },
  };
}

function isSame(a: TreeHead | null, b: TreeHead | null): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && equalBytes(a.root, b.root);
}

function readHeads(directory: string): Map<string, TreeHead> {
  const path = join(directory, STATE_FILE);
  if (!existsSync(path)) return new Map();
  try {
    const { heads } = stateFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(
      Object.entries(heads).map(([origin, { size, root }]) => {
        const bytes = parseBase64(root);
        if (!bytes.ok || bytes.value.length !== 32) throw new Error('root');
        return [origin, { size, root: bytes.value }];
      }),
    );
  } catch {
    throw new Refusal(
      `The witness's memory ${path} is damaged. Restore it from your backup: a witness that forgets could vouch for two histories.`,
    );
  }
}

function writeHeads(directory: string, heads: ReadonlyMap<string, TreeHead>): void {
  const path = join(directory, STATE_FILE);
  const text = JSON.stringify({
    format: 'countersign/witness/v1',
    heads: Object.fromEntries(
      [...heads].map(([origin, { size, root }]) => [origin, { size, root: formatBase64(root) }]),
    ),
  } satisfies z.infer<typeof stateFile>);
  writeDurably(path, `${text}\n`);
}
