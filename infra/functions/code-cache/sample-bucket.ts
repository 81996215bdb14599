import { createHash } from 'node:crypto';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { createLedger, openRepository } from '../../../src/git/open.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { createWiki } from '../../../src/wiki/create-wiki.ts';
import { createDescribe } from '../../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';

/** What a small bucket holds: a wiki of which some pages are in a pack and some in the journal. */
export interface SampleBucket {
  uuid: string;
  /** Base64 by key. */
  objects: Record<string, string>;
  /** Paths of pages. */
  packed: string;
  recent: string;
}

const TEXT = `# A page

With some text, a [[Link]], [another](Docs/Page-2) and \`code\`.

## A section

- one
- two
`;

/** The same each time: it is part of the function's asset, which would otherwise be another one by every build. */
export async function makeSampleBucket(): Promise<SampleBucket> {
  const runtime = fixedRuntime();
  const store = createMemoryByteStore();
  const uuid = randomId(runtime);
  await createLedger({ store, uuid, runtime });
  const describe = createDescribe(DEFAULT_SETTINGS);
  const repository = openRepository({ store, uuid, runtime, describe });
  const wiki = createWiki({ repository, runtime });
  const put = (path: string) => wiki.putPage({ path, content: `${TEXT}\n${path}\n` }, {});
  for (let page = 0; page < 40; page += 1) await put(`Docs/Folder-${page % 4}/Page-${page}`);
  await repository.flusher.flush();
  for (let page = 0; page < 4; page += 1) await put(`Notes/Page-${page}`);
  const objects: Record<string, string> = {};
  for (const { key } of (await store.list('')).objects) {
    const found = await store.get(key);
    if (found.kind === 'found') objects[key] = found.bytes.toString('base64');
  }
  return { uuid, objects, packed: 'Docs/Folder-1/Page-5', recent: 'Notes/Page-2' };
}

/** A runtime whose clock stands still and whose chance repeats itself. */
function fixedRuntime(): Runtime {
  let drawn = 0;
  const block = () => createHash('sha256').update(`code-cache ${drawn++}`).digest();
  return {
    ...systemRuntime,
    now: () => Date.UTC(2026, 0, 1),
    random: () => block().readUInt32LE() / 2 ** 32,
    randomBytes: count => Buffer.concat(Array.from({ length: Math.ceil(count / 32) }, block), count),
  };
}
