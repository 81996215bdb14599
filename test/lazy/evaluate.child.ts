/**
 * Evaluates every module of the source in an environment where nothing works, and then uses them where everything does, in the
 * same process: Node remembers a module whose evaluation threw.
 */
import { globSync, mkdirSync, rmdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const home = process.cwd();
const source = new URL('../../src/', import.meta.url);
const real = { env: process.env, setTimeout, setInterval, fetch, now: Date.now, random: Math.random };

/** Modules that are programs: importing them runs them. Types are no modules. */
const PROGRAMS = ['cli/main.ts', 'cli/background.worker.ts', 'cli/import.worker.ts'];
const isModule = (file: string) => !PROGRAMS.includes(file) && !file.endsWith('.d.ts');

function breakEverything(): void {
  const nowhere = join(home, 'nowhere');
  mkdirSync(nowhere);
  process.chdir(nowhere);
  rmdirSync(nowhere);
  process.env = {};
  const broken = (name: string) => () => {
    throw new Error(`${name} was called while a module was evaluated`);
  };
  globalThis.setTimeout = broken('setTimeout') as never;
  globalThis.setInterval = broken('setInterval') as never;
  globalThis.fetch = broken('fetch') as never;
  Date.now = broken('Date.now');
  Math.random = broken('Math.random');
}

function repairEverything(): void {
  process.chdir(home);
  process.env = real.env;
  globalThis.setTimeout = real.setTimeout;
  globalThis.setInterval = real.setInterval;
  globalThis.fetch = real.fetch;
  Date.now = real.now;
  Math.random = real.random;
}

const files = globSync('**/*.ts', { cwd: source.pathname }).filter(isModule);
breakEverything();
const failed: string[] = [];
for (const file of files) {
  try {
    await import(new URL(file, source).href);
  } catch (error) {
    failed.push(`${file}: ${String(error)}`);
  }
}
repairEverything();

const { createService } = await import('../../src/lazy/app.ts');
const { createLogger } = await import('../../src/core/log.ts');
const { readConfig } = await import('../../src/core/config.ts');
const { systemRuntime } = await import('../../src/core/runtime.ts');
const { ROUTES } = await import('../../src/http/routes/table.ts');

const data = join(home, 'data');
const { config, secrets } = readConfig({ env: { KITTIWAKE_API_KEY: 'k', KITTIWAKE_DATA: data } });
const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
const service = createService({ config, secrets, runtime: systemRuntime, log });

async function call(method: string, path: string, body?: unknown): Promise<number> {
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const [bare = '', query = ''] = path.split('?');
  const request = { method, path: `/api/v1${bare}`, query, headers, body: bytes };
  return (await service.app.handle(request)).status;
}

/** The data folder is a file: everything that is made on first use fails. */
writeFileSync(data, 'in the way');
const created = await service.createWiki().then(
  () => 'created',
  () => 'failed',
);
const broken = [
  created,
  await call('GET', '/pages/a'),
  await call('PUT', '/pages/a', { content: 'x' }),
  await call('GET', '/search?q=x'),
];

/** It is out of the way: the same service works. */
rmSync(data);
await service.createWiki();
const requests: [string, string, unknown?][] = [
  ['GET', '/health'],
  ['GET', '/openapi.json'],
  ['PUT', '/pages/a', { content: '---\ntitle: 2026-01-01\ndates: [2026-01-01]\n---\nx [[b]]' }],
  ['GET', '/pages/a'],
  ['GET', '/pages'],
  ['PUT', '/pages/b', { content: 'one\ntwo\nthree\n' }],
  ['POST', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' }],
  ['GET', '/pages/a/attachments'],
  ['GET', '/pages/a/attachments/f.txt'],
  ['DELETE', '/pages/a/attachments/f.txt'],
  ['GET', '/pages/a/history'],
  ['GET', '/changelog'],
  ['GET', '/links'],
  ['GET', '/links/a'],
  ['GET', '/search?q=x'],
  ['POST', '/batch', { changes: [{ op: 'put', path: 'c', content: 'x' }] }],
  ['POST', '/pages/a/rename', { new_path: 'd' }],
];
const worked: [string, number][] = [];
for (const [method, path, body] of requests)
  worked.push([`${method} ${path}`, await call(method, path, body)]);
const view = await (await service.repository()).view();
const head = view.head ?? '';
worked.push([
  'PATCH',
  await call('PATCH', '/pages/b', { revision: 'x'.repeat(7), old_string: 'a', new_string: 'b' }),
]);
worked.push(['restore', await call('POST', '/pages/d/restore', { revision: head })]);
worked.push(['revert', await call('POST', '/revert', { revision: head })]);
worked.push(['DELETE', await call('DELETE', '/pages/c')]);
const loadedRoutes = await Promise.all(ROUTES.map(async route => typeof (await route.load())));
await service.close();
writeSync(1, JSON.stringify({ files: files.length, failed, broken, worked, loadedRoutes }));
