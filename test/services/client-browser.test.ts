import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { createClient } from '../../src/client/client.ts';
import type { App } from '../../src/http/message.ts';
import { KEY } from '../http/harness.ts';
import { needsBrowser, openBrowser, watchedPage } from '../support/browser.ts';
import { ROOT, temporaryFolder } from '../support/cli.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

const PAGE = `<!doctype html><link rel="icon" href="data:,">
<script type="module">import { createClient } from '/client/client.js'; globalThis.createClient = createClient</script>`;

const folder = temporaryFolder();
let browser: Browser | undefined;

beforeAll(async () => {
  const build = ['run', '--silent', 'build:client', '--', '--outDir', folder.path()];
  const { status, stdout } = spawnSync('npm', build, { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  folder.remove();
});

/** What `npm run build:client` made, and a page without anything, beside the API. */
function withClient(app: App): App {
  return {
    handle: async request => {
      const script = /^\/client\/([\w-]+\.js)$/.exec(request.path)?.[1];
      if (script === undefined && request.path !== '/') return await app.handle(request);
      const body = script === undefined ? PAGE : readFileSync(join(folder.path(), script));
      const type = script === undefined ? 'text/html' : 'text/javascript';
      return { status: 200, headers: { 'content-type': type }, body };
    },
  };
}

/** Runs in the browser. */
async function inPage(url: string, key: string) {
  const library = globalThis as unknown as { createClient: typeof createClient };
  const client = library.createClient({ url, key });
  await client.put('what? 100%', '# Gull\n');
  await client.append('what? 100%', 'grey\n');
  const page = await client.page('what? 100%');
  const known = (await client.page('what? 100%', { known: page })) === page;
  await client.attach('what? 100%', 'large.txt', 'x'.repeat(5_000_000));
  const { size } = await (await client.attachment('what? 100%', 'large.txt')).blob();
  const paths: string[] = [];
  for await (const { path } of client.pages()) paths.push(path);
  const code = await client.page('none').catch(error => error.code);
  return { content: page.content, known, size, paths, code };
}

test('the built library works in a browser', async ctx => {
  const wiki = await openListeningWiki({ front: withClient });
  const { page } = await watchedPage(needsBrowser(ctx, browser), wiki.url);
  await page.goto(`${wiki.url}/`);
  expect(await page.evaluate(inPage, wiki.url, KEY)).toEqual({
    content: '# Gull\ngrey\n',
    known: true,
    size: 5_000_000,
    paths: ['What? 100%'],
    code: 'page_not_found',
  });
});
