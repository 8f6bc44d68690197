/** Proofs made here, read by the reference implementation (Python `opentimestamps` over `python-bitcoinlib`). */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PythonTools, preparePythonTools } from '@/e2e/setup/python-tools';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import {
  formatOpenTimestamps,
  parseOpenTimestamps,
} from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import { growTimestamp, mergeTimestamps } from '@/lib/integrity/witness/opentimestamps/grow-timestamp';
import { openTimestampsAdapter } from '@/lib/server/adapters/opentimestamps';
import { stampRequest } from '@/lib/server/adapters/testing/stamp-request';
import { type CalendarServer, startCalendarServer } from './calendar-server';

/** Prints, as JSON, what the library finds in a proof: digest, attestations, and whether it prints back the same. */
const READ_PROOF = `
import json, sys
from bitcoin.core import CBlockHeader
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile
proof_path, header_hex = sys.argv[1], sys.argv[2]
data = open(proof_path, 'rb').read()
proof = DetachedTimestampFile.deserialize(BytesDeserializationContext(data))
context = BytesSerializationContext()
proof.serialize(context)
found = []
for message, attestation in proof.timestamp.all_attestations():
    if isinstance(attestation, BitcoinBlockHeaderAttestation):
        header = CBlockHeader.deserialize(bytes.fromhex(header_hex))
        time = attestation.verify_against_blockheader(message, header)
        found.append({'height': attestation.height, 'time': time})
    elif isinstance(attestation, PendingAttestation):
        found.append({'calendar': attestation.uri})
print(json.dumps({'digest': proof.file_digest.hex(), 'found': found, 'same': context.getbytes() == data}))
`;

interface ProofAsRead {
  digest: string;
  found: { height?: number; time?: number; calendar?: string }[];
  same: boolean;
}

const run = promisify(execFile);
let tools: PythonTools;
let directory = '';
let calendars: CalendarServer[] = [];

beforeAll(async () => {
  tools = await preparePythonTools();
  directory = await mkdtemp(join(tmpdir(), 'countersign-ots-'));
  calendars = await Promise.all([startCalendarServer(), startCalendarServer()]);
}, 600_000);

afterAll(async () => {
  await Promise.all(calendars.map((calendar) => calendar.stop()));
  await rm(directory, { recursive: true, force: true });
});

async function readWithPython(python: string, proof: Uint8Array, header?: Uint8Array): Promise<ProofAsRead> {
  const path = join(directory, `${randomBytes(6).toString('hex')}.ots`);
  await writeFile(path, proof);
  const { stdout } = await run(python, ['-c', READ_PROOF, path, Buffer.from(header ?? []).toString('hex')]);
  return JSON.parse(stdout) as ProofAsRead;
}

describe('the reference implementation', () => {
  it('accepts what the console submitted, and what it became', async ({ skip }) => {
    if (tools.python === null) return skip(tools.missing);
    const settings = openTimestampsAdapter.settings.parse({ calendars: calendars.map(({ url }) => url) });
    const asked = stampRequest(randomBytes(200), { nowMs: 0 });
    const digest = Buffer.from(asked.stamp).toString('hex');
    const pending = await openTimestampsAdapter.stamp(asked, settings);
    const promised = calendars.map(({ url }) => ({ calendar: url })).sort(byCalendar);
    const read = await readWithPython(tools.python, pending.receipt);
    expect({ ...read, found: read.found.sort(byCalendar) }).toEqual({ digest, found: promised, same: true });

    const block = calendars[0]?.mine(815_000, 1_700_000_000);
    const complete = await openTimestampsAdapter.upgrade?.(pending.receipt, asked, settings);
    if (!complete || !block) throw new Error('nothing was mined');
    expect(complete.state).toBe('complete');
    const grown = await readWithPython(tools.python, complete.receipt, block.header);
    expect(grown).toMatchObject({ digest, same: true });
    expect(grown.found).toContainEqual({ height: 815_000, time: 1_700_000_000 });
    const other = calendars[1]?.mine(815_000, 1_700_000_000);
    await expect(readWithPython(tools.python, complete.receipt, other?.header)).rejects.toThrow(
      'Digest does not match',
    );
  });
});

describeVectors('ots', 'published proofs merged here', () => {
  it('are printed in the order in which the reference implementation prints them', async ({ skip }) => {
    if (tools.python === null) return skip(tools.missing);
    const names = ['two-calendars', 'merkle1', 'merkle2', 'incomplete', 'unknown-notary'];
    for (const name of names) {
      const parsed = parseOpenTimestamps(readVectorBytes(`ots/client/${name}.txt.ots`));
      if (!parsed.ok) throw new Error(name);
      const { timestamp } = parsed.value;
      const extra = {
        message: timestamp.message,
        steps: [{ attestation: { kind: 'bitcoin' as const, height: 1 } }],
      };
      const merged = growTimestamp(
        { ...parsed.value, timestamp: mergeTimestamps(timestamp, timestamp) },
        extra,
      );
      const bytes = formatOpenTimestamps(merged);
      // The header's root is the digest itself, which is what the added attestation claims.
      const header = Buffer.concat([Buffer.alloc(36), timestamp.message, Buffer.alloc(12)]);
      expect(await readWithPython(tools.python, bytes, header)).toMatchObject({ same: true });
    }
  });
});

function byCalendar(a: { calendar?: string }, b: { calendar?: string }): number {
  return (a.calendar ?? '') < (b.calendar ?? '') ? -1 : 1;
}
