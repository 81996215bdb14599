import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createClient } from '../../src/client/client.ts';
import { isClientError } from '../../src/client/errors.ts';

/**
 * Makes a folder of Markdown files and a wiki alike: `node examples/client/sync-folder.ts ./notes`.
 *
 * Reads `WIKI_URL` and `WIKI_TOKEN`. What was changed on one side goes to the other; what was changed on both is merged, or
 * named and left as it is. What both sides had last is kept in `.sync.json`. Deletions are not carried over.
 */
const { WIKI_URL: url = 'http://127.0.0.1:8080', WIKI_TOKEN: token = '' } = process.env;
const client = createClient({ url, token });
const [folder = '.'] = process.argv.slice(2);
const memory = join(folder, '.sync.json');

/** What both sides had, by page path in lower case: file systems and wikis see case differently. */
type Synced = Record<string, { revision: string; sha256: string }>;

const synced: Synced = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
const files = new Map(globSync('**/*.md', { cwd: folder }).map(file => [keyOf(file.slice(0, -3)), file]));
const paths = new Map((await Array.fromAsync(client.pages())).map(({ path }) => [keyOf(path), path]));
for (const key of new Set([...files.keys(), ...paths.keys()])) {
  const done = await sync(key);
  writeFileSync(memory, JSON.stringify(synced, undefined, 2));
  if (done !== undefined) console.log(`${done} ${paths.get(key) ?? key}`);
}

/** What was done; undefined: nothing was to be done. */
async function sync(key: string): Promise<string | undefined> {
  const file = join(folder, files.get(key) ?? `${paths.get(key)}.md`);
  const text = files.has(key) ? readFileSync(file, 'utf8') : undefined;
  const path = paths.get(key);
  const page = path === undefined ? undefined : await client.page(path);
  const last = synced[key];
  const isChangedHere = text !== undefined && text !== page?.content && hashOf(text) !== last?.sha256;
  const isChangedThere = page !== undefined && page.content !== text && page.revision !== last?.revision;
  if (isChangedHere && isChangedThere && last === undefined) return 'conflict:';
  if (isChangedHere)
    return await send(path ?? key, text, file, isChangedThere ? last?.revision : page?.revision);
  if (isChangedThere) save(key, file, page);
  else if (page?.content === text) remember(key, page);
  return isChangedThere ? 'fetched' : undefined;
}

/** On the revision that both had, the wiki merges what others wrote since. */
async function send(path: string, text: string, file: string, revision: string | undefined): Promise<string> {
  try {
    const { merged } = await client.put(path, text, { revision, onConflict: 'merge' });
    save(keyOf(path), file, await client.page(path));
    return merged ? 'merged' : 'sent';
  } catch (error) {
    if (isClientError(error) && error.status === 409) return 'conflict:';
    throw error;
  }
}

function save(key: string, file: string, page: { content: string; revision: string }): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, page.content);
  remember(key, page);
}

function remember(key: string, page: { content: string; revision: string } | undefined): void {
  if (page) synced[key] = { revision: page.revision, sha256: hashOf(page.content) };
}

function keyOf(path: string): string {
  return path.replaceAll('\\', '/').toLowerCase();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
