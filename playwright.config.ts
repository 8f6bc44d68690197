import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS } from './lib/cli/check/chromium-flags';
import { findSystemChromium } from './lib/cli/check/find-chromium';

const LONG = ['verify', 'passkeys', 'drills', 'integrity', 'authority', 'pages', 'alerts'].map(
  (name) => `**/${name}.story.ts`,
);

/** End-to-end stories against a production build with a real PostgreSQL, in the machine's Chromium or Playwright's own. */
export default defineConfig({
  testDir: 'e2e',
  // The long ones first: begun last, each would keep one browser alone at the end.
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'others', testMatch: '**/*.story.ts', testIgnore: LONG },
  ],
  globalSetup: './e2e/setup/global-setup.ts',
  outputDir: 'test-results',
  // Stories wait for beats and checkpoints half of their time: more of them than cores.
  workers: 3,
  retries: 0,
  // Only to end what hangs: a busy machine is no failure.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    navigationTimeout: 60_000,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Whatever moves is drawn anew sixty times a second, by the processor; that nothing moves then is the style's promise.
    contextOptions: { reducedMotion: 'reduce' },
    // A trace of every step costs half again of a story's time: `--trace retain-on-failure` where one is looked into.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findSystemChromium(),
      args: CHROMIUM_FLAGS,
    },
  },
});
