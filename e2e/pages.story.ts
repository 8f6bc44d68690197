import type { Page } from '@playwright/test';
import { listPages } from '@/lib/identity/permissions';
import { ROLES } from '@/lib/identity/role';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, ON_TOP, payment, uniqueName } from './fixtures/payment';
import { queueRow } from './fixtures/review';
import { signIn } from './fixtures/sign-in';
import { expect, test } from './fixtures/story';

// The longest file: its stories share nothing, so both workers take from it.
test.describe.configure({ mode: 'parallel' });

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** What stands where something has not come yet. */
const HELD_PLACES = 'main .sk, main [aria-busy="true"]';

/** The page's own heading stands, and no place in it is held any more. */
async function expectDrawn(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expect(page.locator(HELD_PLACES)).toHaveCount(0, { timeout: 20_000 });
}

/** Light and wide, dark and on a phone: axe finds nothing, and a phone does not scroll sideways. */
async function expectFit(page: Page): Promise<void> {
  for (const [viewport, colorScheme] of [
    [WIDE, 'light'],
    [PHONE, 'dark'],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await expectDrawn(page);
    await expectAccessible(page);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${page.url()} scrolls sideways on a phone`).toBeLessThanOrEqual(0);
  await page.setViewportSize(WIDE);
}

/** The page came with a policy that lets no inline script run, and has none that would need another. */
async function visit(page: Page, path: string): Promise<void> {
  const response = await page.goto(path);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy, `CSP of ${path}`).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response?.headers()['x-content-type-options']).toBe('nosniff');
  await expectDrawn(page);
  await expectNoInlineScript(page);
}

async function expectNoInlineScript(page: Page): Promise<void> {
  const inline = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => [
      ...[...element.attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => name),
      ...(element instanceof HTMLAnchorElement && element.protocol === 'javascript:' ? ['javascript:'] : []),
    ]),
  );
  expect(inline, `inline handlers of ${page.url()}`).toEqual([]);
}

test('the pages of deciding fit every screen: queue, chosen row, review, door', async ({
  page,
  gateway,
  signInAs,
}) => {
  const payee = uniqueName('Nova Electronics');
  const asked = await askPeople(await gateway(), payment({ payee }), ON_TOP);
  await visit(page, '/sign-in');
  await expectFit(page);
  for (const path of ['/docs/formats', '/docs/records']) {
    await visit(page, path);
    await expectFit(page);
  }
  await signInAs({ role: 'reviewer' });
  await visit(page, '/queue');
  await expect(queueRow(page, payee)).toBeVisible();
  await expectFit(page);
  await visit(page, `/queue/${asked.task.id}`);
  await expectFit(page);
});

test('the pages of finding fit every screen: search, decision with each tab, lineage', async ({
  page,
  gateway,
  signInAs,
}) => {
  const asked = await askPeople(await gateway(), payment());
  await signInAs({ role: 'auditor' });
  for (const path of [
    '/decisions',
    ...['reconstruction', 'lineage', 'timeline', 'verification', 'raw'].map(
      (tab) => `/decisions/${asked.decisionId}?tab=${tab}`,
    ),
    `/lineage?node=${asked.decisionId}`,
  ]) {
    await visit(page, path);
    await expectFit(page);
  }
});

test('the pages about the whole fit every screen: changes, integrity, insights', async ({
  page,
  signInAs,
}) => {
  await signInAs({ role: 'compliance' });
  for (const path of [
    '/lineage',
    '/changes',
    '/integrity',
    '/integrity/completeness',
    '/insights',
    '/insights?view=table',
  ]) {
    await visit(page, path);
    await expectFit(page);
  }
});

test('each role opens its own pages by the rail and no other, without an error', async ({ openAs }) => {
  const loaded = new Set<string>();
  for (const role of ROLES) {
    const { page } = await openAs({ role });
    await page.goto('/');
    await expectDrawn(page);
    const rail = page.getByRole('navigation', { name: 'Main' }).first();
    const pages = listPages([role]);
    await expect(rail.getByRole('link')).toHaveCount(pages.length);
    for (const [n, each] of pages.entries()) {
      await rail.getByRole('link').nth(n).click();
      await expect(page).toHaveURL(new RegExp(`/${each}\\b`));
      await expectDrawn(page);
      await expectNoInlineScript(page);
      // What comes with a page is the same for every role: one of them loads it.
      if (!loaded.has(each)) await visit(page, `/${each}`);
      loaded.add(each);
    }
    for (const other of ['queue', 'decisions', 'insights'] as const) {
      if (pages.includes(other)) continue;
      await page.goto(`/${other}`);
      await expect(page, `${role} at /${other}`).not.toHaveURL(new RegExp(`/${other}$`));
      await expectDrawn(page);
    }
  }
});

test('where nothing has happened yet, each page says so and what will appear', async ({
  page,
  signInAs,
  errors,
}) => {
  errors.allow(/status of 404/);
  await signInAs({ role: 'compliance', tenant: 'harbour' });
  for (const [path, words] of [
    ['/queue', 'Nothing waits for a person'],
    ['/decisions', 'No decision has been recorded yet'],
    ['/decisions?q=agent%3Anobody', 'Nothing matches'],
    ['/decisions/dec_019a0000-0000-7000-8000-000000000000', 'No decision has this id here'],
    ['/lineage', 'Begin with something'],
    ['/insights', 'No decision in this window'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  }
});

test('while the console does not answer, each page says that nothing is known, and recovers', async ({
  page,
  errors,
  signInAs,
}) => {
  errors.allow(/503/);
  await signInAs({ role: 'compliance' });
  for (const [path, api, words] of [
    ['/decisions', '**/api/v1/decisions?**', 'The search got no answer'],
    ['/changes', '**/api/v1/changes', 'The changes could not be read'],
    ['/integrity', '**/api/v1/integrity', 'The streams could not be read'],
    ['/insights', '**/api/v1/insights?**', 'The counts could not be read'],
  ] as const) {
    await page.route(api, (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'database_unavailable', detail: 'The database does not answer.' }),
      }),
    );
    await page.goto(path);
    await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    await page.unroute(api);
    await page.getByRole('button', { name: /^(Search|Read) again$/ }).click();
    await expect(page.getByRole('alert').filter({ hasText: words })).toHaveCount(0);
    await expectDrawn(page);
  }
});

test('a queue that loses the console keeps what it shows and says that it may be old', async ({
  page,
  gateway,
  signInAs,
  errors,
}) => {
  const payee = uniqueName('Nova Electronics');
  await askPeople(await gateway(), payment({ payee }), ON_TOP);
  await signInAs({ role: 'reviewer' });
  errors.allow(/503/);
  await page.route('**/api/v1/escalations?**', (route) => route.fulfill({ status: 503, body: '{}' }));
  await page.goto('/queue');
  await expect(queueRow(page, payee)).toBeVisible();
  await expect(page.getByText('what is listed may be old')).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
});

test('an answer that takes its time leaves the place of what it will bring', async ({ page, signInAs }) => {
  await signInAs({ role: 'compliance' });
  for (const [path, api] of [
    ['/decisions', '**/api/v1/decisions?**'],
    ['/insights', '**/api/v1/insights?**'],
    ['/integrity', '**/api/v1/integrity'],
  ] as const) {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(api, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(path);
    await expect(page.locator(HELD_PLACES).first()).toBeVisible();
    release();
    await expectDrawn(page);
    await page.unroute(api);
  }
});

test('signing out ends the session on the server', async ({ page, context, signInAs }) => {
  await signInAs({ role: 'reviewer' });
  await page.goto('/queue');
  const before = await context.cookies();
  await page.getByRole('button', { name: /^Reviewer of north/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const refused = await page.request.get('/api/v1/escalations');
  expect(refused.status()).toBe(401);
  expect(refused.headers()).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
  await page.goto('/queue');
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fqueue/);
  expect(before.some(({ name }) => name === 'countersign-session')).toBe(true);
  expect((await context.cookies()).some(({ name }) => name === 'countersign-session')).toBe(false);
});

test('switching the organisation changes what is seen, and what is not there is not told', async ({
  page,
  context,
  console: state,
  gateway,
  errors,
}) => {
  errors.allow(/status of 404/);
  // What the page asks for between the change and the load is refused, because it still shows the other organisation.
  errors.allow(/status of 409 .*\/api\/v1\//);
  const [ofNorth, ofSouth] = [uniqueName('North payee'), uniqueName('South payee')];
  const north = await askPeople(await gateway(), payment({ payee: ofNorth }), ON_TOP);
  await askPeople(await gateway({ tenant: 'south' }), payment({ payee: ofSouth }), ON_TOP);
  await signIn(context, state, state.inBoth.email);
  await page.goto('/queue');
  await expect(queueRow(page, ofNorth)).toBeVisible();
  await expect(queueRow(page, ofSouth)).toHaveCount(0);
  await page.getByRole('button', { name: /switch organisation/ }).click();
  const arrived = page.waitForEvent('load');
  await page.getByRole('menuitemradio', { name: 'South Clinic' }).click();
  await arrived;
  // The console's first page leads on to where this person's work is there.
  await expect(page).toHaveURL(/\/decisions$/);
  await expect(page.locator('header')).toContainText('South Clinic');
  await page.goto('/queue');
  await expect(queueRow(page, ofSouth)).toBeVisible();
  await expect(queueRow(page, ofNorth)).toHaveCount(0);
  for (const path of [`/queue/${north.task.id}`, `/decisions/${north.decisionId}`]) {
    await page.goto(path);
    await expect(page.getByText(/Nothing is here|No decision has this id here/)).toBeVisible();
  }
});
