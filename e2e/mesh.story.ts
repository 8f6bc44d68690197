import { randomBytes } from 'node:crypto';
import { formatId } from '@/lib/core/id';
import { getSecretIn } from '@/lib/server/keys/key-directory';
import { expectAccessible } from './fixtures/expect-accessible';
import { decisionBodyOf, payment, required } from './fixtures/payment';
import { expect, test } from './fixtures/story';
import { waitUntilCovered } from './fixtures/tamper';
import { PEER_TENANT } from './mesh/peer-orders';
import { startPeer } from './mesh/start-peer';

const newDecision = () => formatId('dec', Date.now(), new Uint8Array(randomBytes(10)));

test('a decision shows and verifies the parent that lives in another console’s log', async ({
  page,
  console: state,
  database,
  gateway,
  signInAs,
  openAs,
}) => {
  const appPassword = new URL(state.appUrl).password;
  const vaultPassword = Buffer.from(getSecretIn(state.dataDirectory, 'vault.password')).toString('hex');
  const peer = await startPeer({ ownerUrl: state.ownerUrl, appPassword, vaultPassword, template: null });
  try {
    const parent = newDecision();
    await peer.ask('decide', { ids: [newDecision(), parent, newDecision()], checkpoint: true });
    const theirs = await peer.ask('identity', null);

    await signInAs({ role: 'admin', tenant: 'south' });
    await test.step('an administrator pins the console and says what is shared', async () => {
      await page.goto('/settings/peers');
      await expect(page.getByText('No other console is pinned')).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Pin a console' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('Ward 7');
      await dialog.getByLabel('Address').fill(theirs.url);
      await dialog.getByLabel('Verifier key of its log').fill(theirs.logVkey);
      await dialog.getByLabel('Key of its requests').fill(theirs.publicKey);
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Pin it' }).click();
      await expect(page.getByText('nothing is shared with this organisation')).toBeVisible();
      await page.getByRole('button', { name: 'Sharing with Ward 7' }).click();
      await page.getByLabel('Our decisions may continue decisions of its').check();
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByText('our decisions may continue decisions of its')).toBeVisible();
      await expectAccessible(page);
    });

    await test.step('the other side pins this one and gives', async () => {
      const value = (name: string) =>
        page.getByRole('button', { name: new RegExp(`copy.*${name}`, 'i') }).first();
      await expect(value('key of requests')).toBeVisible();
      const proof = (await (await page.request.get('/api/v1/proof')).json()) as {
        log: { vkey: string };
        keys: { purpose: string; publicKey: string }[];
      };
      const publicKey = proof.keys.find(({ purpose }) => purpose === 'mesh')?.publicKey ?? '';
      const pin = { tenant: PEER_TENANT, by: 'story', name: 'South Clinic', url: state.origin };
      await peer.ask('pin', { ...pin, logVkey: proof.log.vkey, publicKey });
      await peer.ask('share', {
        tenant: PEER_TENANT,
        by: 'story',
        peer: 'South Clinic',
        gives: true,
        takes: false,
      });
    });

    const machine = await gateway({ tenant: 'south' });
    const action = payment({ amount: '20.00' });
    const evaluation = required(await machine.evaluate(action));
    const body = decisionBodyOf(action, evaluation) as { identity: Record<string, unknown> };
    body.identity.parents = [parent];
    const child = newDecision();
    required(await machine.record({ kind: 'decision', id: child, body: body as never }));
    await waitUntilCovered(database, 'south');

    const auditor = await openAs({ role: 'auditor', tenant: 'south' });
    const line = (id: string) => auditor.page.locator(`[data-check="parent.${id}"]`);
    await test.step('the browser verifies the parent from its bytes, under the pinned key', async () => {
      await auditor.page.goto(`/decisions/${child}?tab=verification`);
      await expect(auditor.page.getByText('computed in this browser')).toBeVisible();
      for (const id of ['signature', 'place', 'inclusion'])
        await expect(line(id), id).toHaveAttribute('data-verdict', 'valid');
      await expect(line('inclusion')).toContainText('at Ward 7');
      await expect(line('consistency')).toHaveAttribute('data-verdict', 'not-checked');
      await expectAccessible(auditor.page);
    });

    await test.step('the lineage marks it as the other console’s', async () => {
      await auditor.page.goto(`/lineage?node=${child}`);
      await expect(auditor.page.getByText('at Ward 7').first()).toBeVisible();
    });

    await test.step('changed in what is kept here, the browser says INVALID and where', async () => {
      const flip = () =>
        database.query(
          `UPDATE foreign_records SET evidence = convert_to(translate(convert_from(evidence, 'UTF8'), 'Qq', 'qQ'), 'UTF8') WHERE id = $1`,
          [parent],
        );
      await flip();
      await auditor.page.goto(`/decisions/${child}?tab=verification`);
      await expect(auditor.page.getByText('computed in this browser')).toBeVisible();
      await expect(
        auditor.page.locator('[data-check^="parent."][data-verdict="invalid"]').first(),
      ).toBeVisible();
      await flip();
    });
  } finally {
    await peer.stop();
  }
});
