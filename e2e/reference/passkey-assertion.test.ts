/** What a console records of a passkey's verdict, opened by an implementation that shares no line with it. */
import { expect, it } from 'vitest';
import {
  at,
  createOrganisation,
  readEscalationPage,
  recordsOf,
  submitPayment,
  verdictOn,
} from '@/lib/server/escalations/testing/escalation-fixture';
import { PASSKEY_ORIGIN, registerDevice } from '@/lib/server/passkeys/testing/test-device';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { prepareVerdict } from '@/lib/server/reviews/prepare';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { openAssertion } from './passkey-assertion';

await startTestConsole();
process.env.COUNTERSIGN_ORIGIN = PASSKEY_ORIGIN;

it('the records of a signed verdict verify over node:crypto, and nothing changed in them does', async () => {
  const bank = await createOrganisation();
  const reviewer = await bank.person(['reviewer']);
  const { device } = await registerDevice(reviewer, {}, at(0));
  const task = await submitPayment(bank);
  const request = verdictOn(await readEscalationPage(reviewer, task.id), 'approve');
  const { options } = await prepareVerdict(reviewer, task.id, request, at(20));
  await decideEscalation(reviewer, task.id, { ...request, passkey: device.sign(options) }, at(21));
  const [review] = (await recordsOf(bank.tenant, 'review')).map(({ body }) => body);
  const [added] = (await recordsOf(bank.tenant, 'key.added')).map(
    ({ body }) => body as Record<string, string>,
  );
  const { statement, passkey } = review as unknown as Parameters<typeof openAssertion>[0];
  if (!added) throw new Error('the registration is recorded');
  expect(() => openAssertion({ statement, passkey }, added)).not.toThrow();
  for (const name of Object.keys(statement)) {
    const changed = { ...statement, [name]: `${String(statement[name])}0` };
    expect(() => openAssertion({ statement: changed, passkey }, added), name).toThrow();
  }
  for (const name of ['authenticator_data', 'client_data_json', 'signature', 'origin', 'credential_id']) {
    const text = passkey[name] ?? '';
    const at = Math.floor(text.length / 2);
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    expect(
      () => openAssertion({ statement, passkey: { ...passkey, [name]: changed } }, added),
      name,
    ).toThrow();
  }
});
