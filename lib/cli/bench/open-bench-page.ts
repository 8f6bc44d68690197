import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findSystemChromium } from '../check/find-chromium';
import { Refusal } from '../refusal';

/**
 * A page of 1440 by 900 in a Chromium of its own, signed in by `cookie` (`name=value`).
 * @throws Refusal when there is no Chromium
 */
export async function openBenchPage(
  origin: string,
  cookie: string,
): Promise<{ browser: Browser; page: Page }> {
  const executablePath = findSystemChromium() ?? chromium.executablePath();
  if (!existsSync(executablePath)) throw new Refusal('There is no Chromium: name one with CHROMIUM_PATH.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: origin }]);
  return { browser, page: await context.newPage() };
}
