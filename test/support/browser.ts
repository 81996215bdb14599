import { existsSync } from 'node:fs';
import { type Browser, launch, type Page } from 'puppeteer-core';
import type { TestContext } from 'vitest';
import { skipUnlessCi } from './needs.ts';

/** Where Debian has it. */
const CHROMIUM = '/usr/bin/chromium';

/** A browser without a window, for one test file; to be closed by it. Undefined: there is none on this machine. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  // In a container the user is root, for whom there is no sandbox.
  return await launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** The browser, or the end of the test. */
export function needsBrowser(ctx: Pick<TestContext, 'skip'>, browser: Browser | undefined): Browser {
  return browser ?? skipUnlessCi(ctx, `needs Chromium: there is no "${CHROMIUM}" on this machine`);
}

/** A page of the browser, and what went wrong on it. */
export interface WatchedPage {
  page: Page;
  /** Messages of scripts, requests that failed, and requests to other sites. */
  complaints: string[];
}

/** Opens a page that may ask `origin` only. What it should not have done is in `complaints`. */
export async function watchedPage(browser: Browser, origin: string): Promise<WatchedPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('requestfailed', request => complaints.push(`failed: ${request.url()}`));
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`asked: ${url}`);
  });
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints };
}
