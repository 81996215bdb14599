import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { needsBrowser, openBrowser, watchedPage } from '../support/browser.ts';
import { type ServedSite, serveSite } from './site/served-site.ts';

const WIDE = { width: 1400, height: 1000 };
const NARROW = { width: 320, height: 700 };

let site: ServedSite;
let browser: Browser | undefined;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveSite(), openBrowser()]);
  await site.until('/', 200, 'Welcome');
  await site.until('/attacks', 200, 'Attacks');
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

interface Look {
  viewport?: { width: number; height: number };
  isDark?: boolean;
}

async function visit(
  ctx: Pick<TestContext, 'skip'>,
  path: string,
  { hasScripts = true, ...look }: Look & { hasScripts?: boolean } = {},
) {
  const watched = await watchedPage(needsBrowser(ctx, browser), site.url);
  const { page } = watched;
  await page.setJavaScriptEnabled(hasScripts);
  await dress(page, look);
  await page.goto(`${site.url}${path}`, { waitUntil: 'networkidle0' });
  return watched;
}

async function dress(page: Page, { viewport = WIDE, isDark = false }: Look): Promise<void> {
  await page.setViewport(viewport);
  const value = isDark ? 'dark' : 'light';
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
}

/** What axe-core finds; in an isolated world, which the policy of the page does not cover. */
async function accessibility(page: Page): Promise<string[]> {
  const session = await page.createCDPSession();
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  const run = async (expression: string) =>
    (
      await session.send('Runtime.evaluate', {
        expression,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
      })
    ).result.value;
  await run(`${axe.source};0`);
  const found = 'axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html)))';
  return await run(found);
}

const focused = (page: Page) =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent') as Promise<string>;

describe('every kind of page', () => {
  const pages = ['/', '/docs/everything', '/docs/birds', '/-/index', '/docs/birds/kittiwake'];

  test.for(pages)('asks nobody else, and nothing goes wrong: %s', async (path, ctx) => {
    const { complaints, page } = await visit(ctx, path);
    expect(complaints).toEqual([]);
    await page.close();
  });

  const looks = [WIDE, NARROW].flatMap(viewport => [false, true].map(isDark => ({ viewport, isDark })));

  test.for([...pages, '/nowhere'])(
    'is accessible, and never wider than the screen: %s',
    async (path, ctx) => {
      const { page } = await visit(ctx, path);
      for (const look of looks) {
        await dress(page, look);
        expect(await accessibility(page), JSON.stringify(look)).toEqual([]);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect(width).toBe(look.viewport.width);
      }
      await page.close();
    },
  );
});

describe('by keyboard', () => {
  test('the first key leads past the bar to the content', async ctx => {
    const { page } = await visit(ctx, '/docs/everything');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.close();
  });

  test('a search begins with a slash, finds while typing, and Enter opens what is chosen', async ctx => {
    const { page, complaints } = await visit(ctx, '/docs/everything');
    await page.keyboard.press('/');
    await page.keyboard.type('angstr');
    await page.waitForSelector('#search-results [role="option"]');
    const titles = () => page.$$eval('#search-results strong', found => found.map(each => each.textContent));
    expect(await titles()).toEqual(['Fulmar']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.type('gull');
    await page.waitForFunction('document.querySelectorAll("#search-results strong").length === 3');
    await page.keyboard.press('ArrowDown');
    const chosen = await page.$eval('[aria-selected="true"]', each => each.getAttribute('href'));
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(page.url()).toBe(new URL(chosen ?? '', `${site.url}/docs/everything`).href);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('folders of the tree open and close', async ctx => {
    const { page } = await visit(ctx, '/docs/birds/kittiwake');
    const current = await page.waitForSelector('#tree [aria-current="page"]');
    expect(await current?.evaluate(each => each.textContent)).toBe('Kittiwake');
    const button = await page.$('button[aria-label="Pages below Birds"]');
    await button?.focus();
    await page.keyboard.press('Enter');
    expect(await button?.evaluate(each => each.getAttribute('aria-expanded'))).toBe('false');
    await page.keyboard.press('Enter');
    expect(await button?.evaluate(each => each.getAttribute('aria-expanded'))).toBe('true');
    await page.close();
  });

  test('the drawer opens with focus in it, and Escape gives it back', async ctx => {
    const { page } = await visit(ctx, '/docs/everything', { viewport: NARROW });
    await page.focus('#drawer-button');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('!!document.activeElement.closest("#sidebar")')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('drawer-button');
    await page.close();
  });

  test('dark colours are chosen, and stay', async ctx => {
    const { page } = await visit(ctx, '/');
    await page.focus('#mode-button');
    await page.keyboard.press('Enter');
    await page.goto(`${site.url}/docs/everything`);
    expect(await page.evaluate('document.documentElement.dataset.mode')).toBe('dark');
    expect(await page.$eval('#mode-button', each => each.getAttribute('aria-pressed'))).toBe('true');
    await page.evaluate('localStorage.clear()');
    await page.close();
  });
});

test('an address with capitals, as Otterwiki has them, leads to the page', async ctx => {
  const { page } = await visit(ctx, '/Docs/Birds#top');
  await page.waitForFunction('document.documentElement.dataset.kind !== "absent"');
  expect(page.url()).toBe(`${site.url}/docs/birds#top`);
  await page.close();
});

test('without scripts a reader gets from the home page to every page', async ctx => {
  const { page } = await visit(ctx, '/', { hasScripts: false });
  const follow = async (text: string) => {
    const link = await page.$(`::-p-xpath(//a[normalize-space()="${text}"])`);
    await Promise.all([page.waitForNavigation(), link?.click()]);
  };
  await follow('All pages');
  await follow('K');
  await follow('Kittiwake');
  expect(new URL(page.url()).pathname).toBe('/docs/birds/kittiwake');
  await follow('Birds');
  await follow('Puffin');
  expect(await page.$eval('h1', each => each.firstChild?.textContent)).toBe('Puffin');
  expect(await page.$$eval('.needs-js', all => all.filter(each => each.checkVisibility()).length)).toBe(0);
  await page.close();
});

describe('a page with every known attack', () => {
  const policies: [string, boolean][] = [
    ['under the policy of the site', false],
    ['with that policy taken away', true],
  ];

  test.for(policies)('runs nothing: %s', async ([, bypasses], ctx) => {
    const { page, complaints } = await watchedPage(needsBrowser(ctx, browser), site.url);
    await page.setBypassCSP(bypasses);
    await page.evaluateOnNewDocument('window.alert = () => { window.__xss = true }');
    await page.goto(`${site.url}/attacks`, { waitUntil: 'networkidle0' });
    for (const each of await page.$$('.content details > summary')) await each.click();
    expect(await page.evaluate('window.__xss')).toBeUndefined();
    const handlers = await page.evaluate(
      '[...document.querySelectorAll(".content *")].flatMap(each => each.getAttributeNames().filter(name => /^on|^style$/.test(name)))',
    );
    expect(handlers).toEqual([]);
    expect(complaints.filter(each => /dialog|script/i.test(each))).toEqual([]);
    await page.close();
  });
});

test('a change is seen on the site, and where it leads', async () => {
  await site.write('docs/birds/tern', '# Tern\n\nIt dives. See [[Docs/Birds/Kittiwake]].\n');
  await site.until('/docs/birds/tern', 200, 'It dives');
  await site.until('/docs/birds/kittiwake', 200, 'Tern');
  await site.until('/-/tree/docs/birds.json', 200, 'Tern');
});
