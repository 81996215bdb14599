import { expect, test } from 'vitest';
import { createProjectHandler } from '../../src/handler/project.ts';
import { CONTEXT, type FunctionBed, functionBed, notice, queueEvent, SCHEDULE } from './queue-support.ts';

/** Requests of a run by operation; docs/deploy.md derives its costs from them. */
async function requestsOf({ server }: FunctionBed, run: () => Promise<unknown>) {
  server.requests.clear();
  await run();
  const counts: Record<string, number> = {};
  for (const { operation } of server.requests.all) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

const CASES = [
  {
    name: 'whose site shows nothing',
    env: {},
    events: { GetObject: 17, ListObjectsV2: 4, PutObject: 5 },
  },
  {
    name: 'with a public site',
    env: { READ_ACCESS: 'ANONYMOUS' },
    events: { GetObject: 20, ListObjectsV2: 4, PutObject: 16 },
  },
  {
    name: 'without a site',
    env: { KITTIWAKE_SITE: 'false' },
    events: { GetObject: 8, ListObjectsV2: 1, PutObject: 3 },
  },
];

test.each(CASES)(
  'what runs for a wiki $name ask of the bucket is what the deploy guide counts',
  async ({ env, events: wanted }) => {
    const bed = await functionBed();
    const wiki = await bed.open().wiki();
    const { environment, runtime, uuid } = bed;
    const handler = createProjectHandler({ env: { ...environment(), ...env }, runtime, write: () => {} });
    const event = queueEvent(notice(`ledger/${uuid}`));
    for (const path of ['One', 'Two', 'Three']) {
      await wiki.putPage({ path, content: `# ${path}\n` }, {});
      await handler(event, CONTEXT);
      bed.pass(60_000);
    }
    await wiki.putPage({ path: 'Four', content: '# Four\n' }, {});
    const events = await requestsOf(bed, () => handler(event, CONTEXT));
    const repeated = await requestsOf(bed, () => handler(event, CONTEXT));
    const schedule = await requestsOf(bed, () => handler(SCHEDULE, CONTEXT));
    expect({ events, repeated, schedule }).toEqual({
      events: wanted,
      repeated: { GetObject: 8, ListObjectsV2: 1 },
      schedule: { GetObject: 23, ListObjectsV2: 14, ListMultipartUploads: 1 },
    });
  },
);
