import type { ByteStore } from '../../storage/byte-store.ts';
import { type PublishedObjects, publishedObjects } from './published-objects.ts';
import { siteHeaders } from './site-headers.ts';
import { NOT_FOUND_URL, siteUrl } from './site-key.ts';
import { sitePrefix } from './site-source.ts';
import { describeDocument } from './theme/notices.ts';

/** A published object as a host of static files wants it. */
export interface StaticFile {
  /** `docs/intro.html`; of the home page `index.html`. */
  path: string;
  chunks: AsyncIterable<Uint8Array>;
}

/** Names that have another meaning there. */
const TAKEN = ['index', '404'];

/**
 * What is published of a wiki, in the order of the keys.
 * @param left gets the pages that such a host cannot show
 * @throws KittiwakeError as {@link ByteStore.list}, {@link ByteStore.get}
 */
export async function* staticFiles(
  store: ByteStore,
  uuid: string,
  left: string[] = [],
): AsyncGenerator<StaticFile> {
  const objects = publishedObjects(store, uuid);
  for await (const key of publishedKeys(store, sitePrefix(uuid))) {
    const url = siteUrl(key);
    if (url === undefined) continue;
    if (key.startsWith('p/') && TAKEN.includes(url)) left.push(url);
    else yield* fileOf(key, url, objects);
  }
}

async function* fileOf(key: string, url: string, objects: PublishedObjects): AsyncGenerator<StaticFile> {
  const read = await objects.read(key);
  if (read.kind !== 'found') return;
  const isHtml = siteHeaders(key)['content-type'].startsWith('text/html');
  const kind = isHtml ? describeDocument(read.first.toString('utf8', 0, 4096))?.kind : undefined;
  // In the place of a page that is gone.
  if (kind === 'absent' && url !== NOT_FOUND_URL) return;
  yield { path: isHtml ? htmlPath(url) : url, chunks: chunksOf(read.body) };
}

function htmlPath(url: string): string {
  if (url === '') return 'index.html';
  return url === NOT_FOUND_URL ? '404.html' : `${url}.html`;
}

async function* publishedKeys(store: ByteStore, prefix: string): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const { objects, more } = await store.list(prefix, after === undefined ? {} : { after });
    for (const { key } of objects) yield key.slice(prefix.length);
    after = objects.at(-1)?.key;
    if (!more || after === undefined) return;
  }
}

async function* chunksOf(body: Buffer | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}
