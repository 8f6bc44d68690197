import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';

test('a person signs in by the form, and a wrong password says nothing about which part was wrong', async ({
  page,
  console: state,
  errors,
}) => {
  errors.allow(/status of 401/);
  await page.goto('/queue');
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fqueue/);
  await expectAccessible(page);
  const reviewer = state.people.find((person) => person.role === 'reviewer' && person.tenant === 'north');
  await page.getByLabel('E-mail').fill(reviewer?.email ?? '');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'did not sign you in' })).toBeVisible();
  expect(page.url()).not.toContain('password');
  await page.getByLabel('Password').fill(state.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/queue$/);
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === 'countersign-session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
});
