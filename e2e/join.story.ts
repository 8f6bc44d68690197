import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';

test('the one-time link founds an organisation once, and its secret reaches no request line', async ({
  page,
  console: state,
  errors,
}) => {
  errors.allow(/status of 400/);
  const lines: string[] = [];
  page.on('request', (request) => lines.push(request.url(), request.headers().referer ?? ''));
  const fill = async (): Promise<void> => {
    await page.getByLabel('Organisation').fill('Harbour Insurance');
    await page.getByLabel('Your name').fill('Ines Duarte');
    await page.getByLabel('Your e-mail').fill('ines@harbour.example');
    await page.getByLabel('Password').fill('a phrase of its own');
    await page.getByRole('button', { name: 'Found the organisation' }).click();
  };
  await page.goto('/join');
  await fill();
  await expect(page.getByText('This address is not complete')).toBeVisible();
  await page.goto(`/join#${state.joinSecret}`);
  await page.reload();
  await expectAccessible(page);
  await fill();
  await expect(page).toHaveURL(/\/settings\/producers$/);
  await expect(page.getByText('No producer is registered')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Queue' })).toHaveCount(0);
  await page.goto(`/join#${state.joinSecret}`);
  await fill();
  await expect(page.getByText(/was used before or has expired/)).toBeVisible();
  expect(lines.join('\n')).not.toContain(state.joinSecret);
});
