import { expect, it } from 'vitest';
import { GET as getLogCheckpoint } from '@/app/log/checkpoint/route';
import { utf8 } from '@/lib/core/bytes';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { logSigner } from '../log/log-head';
import { startTestConsole } from '../testing/test-console';
import { startStamping } from './start-stamping';
import {
  listJobs,
  listReceipts,
  openTestLog,
  pinKey,
  registerWitness,
  startLocalWitness,
  startServer,
} from './testing/witness-fixture';

await startTestConsole();
const log = await openTestLog('bank');

it('asks by itself, is kept by no slow witness from the others, and ends at once when it is told to', async () => {
  const witness = await startLocalWitness('one.example', 1);
  await pinKey(witness.vkey);
  let called = 0;
  const silent = await startServer(() => {
    called++;
  });
  await registerWitness('a-silent-one', { vkey: witness.vkey, address: silent });
  await registerWitness('prompt', { vkey: witness.vkey, address: witness.url });
  const stamping = startStamping();
  const first = await log.publish();
  await expect
    .poll(() => listReceipts('prompt'), { timeout: 15_000 })
    .toEqual([{ size: first, n: 1, state: 'complete' }]);
  const second = await log.publish();
  await expect
    .poll(async () => (await listReceipts('prompt')).at(-1)?.size, { timeout: 15_000 })
    .toBe(second);
  expect(called).toBe(1);

  const served = utf8(await (await getLogCheckpoint()).text());
  const key = parseNoteKey(witness.vkey);
  const signer = logSigner();
  const verified = verifyCheckpoint(served, {
    origin: signer.name,
    logKey: checkpointKeyOf(signer),
    witnessKeys: key.ok ? [key.value] : [],
  });
  expect(verified).toMatchObject({ value: { size: second, cosigners: [{ name: 'one.example' }] } });

  await stamping.stop();
  // Nobody is at fault: the next process takes the job up as it was.
  expect(await listJobs('a-silent-one')).toMatchObject([{ size: second, attempts: 0, last_error: null }]);
  expect(await listReceipts('a-silent-one')).toEqual([]);
});
