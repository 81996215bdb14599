import { beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Harness, openWiki } from './harness.ts';
import { PROXY, proxied } from './proxied.ts';

const ANNA = proxied('anna', 'READ WRITE UPLOAD');
const STAFF = proxied('ben', 'READ WRITE UPLOAD staff');
const WORD = 'kestrel';

let wiki: Harness;
let revisions: string[];

/** All that hidden pages hold, and what they are called, has the word. */
beforeEach(async () => {
  wiki = await openWiki(PROXY);
  await wiki.write('Home', 'gull [[Docs]]');
  await wiki.write('Docs', 'gull');
  revisions = [await wiki.write(`Secret/${WORD}`, `${WORD} gull\n[[Home]] [[Docs]]`)];
  revisions.push(await wiki.write(`Secret/${WORD}`, `${WORD} gull again\n[[Home]] [[Docs]]`));
  await wiki.call('POST', `/pages/Secret/${WORD}/attachments`, { filename: `${WORD}.txt`, content: 'eA==' });
  await wiki.call('POST', `/pages/Secret/${WORD}/rename`, { new_path: `Secret/New ${WORD}` });
  await wiki.call('POST', '/batch', {
    changes: [
      { op: 'put', path: 'Both', content: 'gull' },
      { op: 'put', path: `Secret/Other ${WORD}`, content: `${WORD} gull` },
    ],
    commit_message: `about ${WORD}`,
  });
  await wiki.call('PUT', '/policy/rules/Secret', { read: ['group:staff'] });
});

const HIDDEN = `/pages/Secret/New%20${WORD}`;

const READS = [
  '/pages',
  '/links',
  '/changelog',
  '/changelog?limit=1',
  '/search?q=gull',
  `/search?q=${WORD}`,
  '/search?q=gull&mode=ranked',
  '/search?q=gull%20OR%20home&mode=ranked',
  `/search?q=${WORD}&mode=ranked`,
  '/search?q=path:Secret&mode=ranked',
  ...['orphaned', 'broken-links', 'wanted', 'empty'].map(name => `/reports/${name}`),
  ...['Home', 'Docs', 'Both'].flatMap(page => [
    `/pages/${page}`,
    `/pages/${page}?revision=HEAD`,
    `/pages/${page}/history`,
    `/pages/${page}/attachments`,
    `/links/${page}`,
  ]),
];

const OF_HIDDEN = [
  HIDDEN,
  `${HIDDEN}?revision=HEAD`,
  `${HIDDEN}/history`,
  `${HIDDEN}/attachments`,
  `${HIDDEN}/attachments/${WORD}.txt`,
  `${HIDDEN}/attachments/${WORD}.txt?download=raw`,
];

const WRITES: [string, string, object][] = [
  ['PUT', HIDDEN, { content: 'x' }],
  ['PUT', HIDDEN, { content: 'x', revision: 'REVISION', on_conflict: 'merge' }],
  ['PATCH', HIDDEN, { old_string: 'gull', new_string: 'x', revision: 'REVISION' }],
  ['DELETE', HIDDEN, {}],
  ['POST', `${HIDDEN}/rename`, { new_path: 'Elsewhere' }],
  ['POST', `${HIDDEN}/restore`, { revision: 'REVISION' }],
  ['POST', `${HIDDEN}/attachments`, { filename: 'a.txt', content: 'eA==' }],
  ['DELETE', `${HIDDEN}/attachments/${WORD}.txt`, {}],
  ['POST', '/pages/Docs/rename', { new_path: 'Papers' }],
  ['POST', '/pages/Docs/rename', { new_path: `Secret/New ${WORD}` }],
  ['POST', '/revert', { revision: 'HEAD' }],
  ['POST', '/batch', { changes: [{ op: 'delete', path: `Secret/New ${WORD}` }] }],
];

function told({ body, headers }: Answer): string {
  const { query: _, ...rest } = body;
  return JSON.stringify([rest, headers]).replaceAll(`Page not found: Secret/New ${WORD}`, '');
}

describe('a hidden page', () => {
  test('is in no answer to who may not read it', async () => {
    for (const path of READS) {
      const answer = await wiki.call('GET', path, undefined, ANNA);
      expect([path, answer.status]).toEqual([path, 200]);
      expect([path, told(answer)]).not.toEqual([path, expect.stringMatching(new RegExp(WORD, 'i'))]);
    }
    const everything = await Promise.all(READS.map(path => wiki.call('GET', path, undefined, STAFF)));
    expect(everything.filter(answer => new RegExp(WORD, 'i').test(told(answer))).length).toBeGreaterThan(8);
  });

  test('is as absent as one that never was, by whatever it is asked for', async () => {
    const absent = (path: string) => path.replace(`New%20${WORD}`, 'Nothing');
    for (const path of [...OF_HIDDEN, ...revisions.map(each => `${HIDDEN}?revision=${each}`)]) {
      const [answer, other] = [
        await wiki.call('GET', path, undefined, ANNA),
        await wiki.call('GET', absent(path), undefined, ANNA),
      ];
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, other.body.code]);
      expect(answer.body.error.replace(`New ${WORD}`, 'Nothing')).toBe(other.body.error);
    }
  });

  test('counts in no total and no order of a search', async () => {
    const found = await wiki.call('GET', '/search?q=gull', undefined, ANNA);
    expect([found.body.total, found.body.results.map(({ path }: { path: string }) => path)]).toEqual([
      3,
      ['Both', 'Docs', 'Home'],
    ]);
    expect((await wiki.call('GET', `/search?q=${WORD}`, undefined, ANNA)).body.total).toBe(0);
    expect((await wiki.call('GET', `/search?q=${WORD}`, undefined, STAFF)).body.total).toBe(2);
  });

  test('is changed by nobody who may not read it, and no refusal tells of it', async () => {
    const head = await wiki.head();
    for (const [method, path, body] of WRITES) {
      const sent = JSON.parse(JSON.stringify(body).replace('REVISION', revisions[0] ?? ''));
      for (const dry of ['', '?dry_run=true']) {
        const answer = await wiki.call(method, `${path}${dry}`, sent, ANNA);
        expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'forbidden']);
        expect([path, told(answer)]).not.toEqual([path, expect.stringMatching(new RegExp(WORD, 'i'))]);
      }
    }
    expect(await wiki.head()).toBe(head);
    const denied = wiki.lines.filter(({ event }) => event === 'denied');
    expect(denied).toHaveLength(2 * WRITES.length);
    expect(JSON.stringify(denied)).not.toMatch(new RegExp(WORD, 'i'));
  });
});

describe('what a wiki may take', () => {
  test('is answered with 413 beyond it, and with the numbers', async () => {
    await wiki.call('PUT', '/policy/limits', { pages: 5 });
    const refused = await wiki.call('PUT', '/pages/More', { content: 'x' }, ANNA);
    expect([refused.status, refused.body]).toEqual([
      413,
      { code: 'quota_pages', error: 'Page limit reached (5 pages)', limit: 5, used: 5 },
    ]);
    const { body } = await wiki.call('GET', '/pages/Home', undefined, ANNA);
    const edited = await wiki.call('PUT', '/pages/Home', { content: 'x', revision: body.revision }, ANNA);
    expect(edited.status).toBe(200);
  });

  test('is answered with 422 where a message is wanted', async () => {
    await wiki.call('PATCH', '/preferences', { COMMIT_MESSAGE: 'REQUIRED' });
    const refused = await wiki.call('PUT', '/pages/More', { content: 'x' }, ANNA);
    expect([refused.status, refused.body.code]).toEqual([422, 'commit_message_required']);
    const made = await wiki.call('PUT', '/pages/More', { content: 'x', commit_message: 'why' }, ANNA);
    expect(made.status).toBe(201);
  });
});
