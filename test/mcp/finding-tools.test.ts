import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';
import { type Call, callerOf } from './tool-call.ts';

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;
let call: Call;

beforeAll(async () => {
  wiki = await openMcpWiki({}, step => steps.push(step));
  call = await callerOf(await wiki.connect());
  await wiki.write('Home', '[[Birds/Gull]] [[Nowhere]]');
  await wiki.write('Birds/Gull', '---\ncategory: bird\ntags: [sea, white]\n---\nA gull on a cliff');
  await wiki.write('Birds/Tern', '---\ncategory: bird\n---\nA tern, [[Birds/Gull]]');
});

afterAll(async () => {
  for (const step of steps) await step();
});

describe('list_notes', () => {
  test('lists pages with what is known of them', async () => {
    const { text, data } = await call('list_notes', { category: 'bird', tag: '', prefix: 'birds' });
    const day = data.pages[0].last_updated;
    expect(text).toBe(
      `Found 2 notes matching prefix=birds, category=bird:\n- Birds/Gull (category: bird, tags: sea, white, last_updated: ${day}, 5 words)\n- Birds/Tern (category: bird, last_updated: ${day}, 3 words)`,
    );
    expect(data).toMatchObject({ total: 2, pages: [{ path: 'Birds/Gull', tags: ['sea', 'white'] }, {}] });
  });

  test('goes on with a cursor', async () => {
    const first = await call('list_notes', { limit: 2 });
    expect(first.text).toMatch(/^Found 3 notes:\n/);
    expect(first.text).toContain(`go on with cursor "${first.data.next_cursor}"`);
    const rest = await call('list_notes', { limit: 2, cursor: first.data.next_cursor });
    expect(rest.data.pages.map(({ path }: { path: string }) => path)).toEqual(['Home']);
    expect((await call('list_notes', { cursor: 'x' })).data.error.code).toBe('cursor_invalid');
    const since = await call('list_notes', { updated_since: 'yesterday' });
    expect(since.text).toBe('Invalid request: Invalid updated_since format. Use ISO 8601.');
  });
});

describe('search_notes', () => {
  test('finds words as the API does', async () => {
    const { text, data } = await call('search_notes', { query: 'cliff' });
    expect(text).toBe('1 results for "cliff":\n1. Birds/Gull (score: 0.50)\n   A gull on a cliff');
    expect(data).toEqual((await wiki.call('GET', '/search?q=cliff')).body);
  });

  test('ranks when asked to, with the language of ranked searches', async () => {
    const { data } = await call('search_notes', { query: 'gull -tern', mode: 'ranked' });
    expect(data.results.map(({ path }: { path: string }) => path)).toEqual(['Birds/Gull', 'Home']);
    const first = await call('search_notes', { query: 'gull', mode: 'ranked', limit: 1 });
    const second = await call('search_notes', {
      query: 'gull',
      mode: 'ranked',
      limit: 1,
      cursor: first.data.next_cursor,
    });
    expect(second.data.results[0].path).not.toBe(first.data.results[0].path);
    expect((await call('search_notes', { query: '(', mode: 'ranked' })).data.error.code).toBe(
      'query_invalid',
    );
    expect((await call('search_notes', { query: ' ' })).data.error.code).toBe('query_required');
  });
});

describe('semantic_search', () => {
  test('ranks pages by any word of a plain text, none of which is an operator', async () => {
    const { text, data } = await call('semantic_search', {
      query: 'Where do terns AND (a tern -cliff) live?',
      n: 2,
    });
    expect(data.results[0].path).toBe('Birds/Tern');
    expect(text).toMatch(
      /^2 results for "Where do terns AND \(a tern -cliff\) live\?":\n1\. Birds\/Tern \(distance: 0\.\d\d\)\n {3}\S/,
    );
    const distances = data.results.map(({ distance }: { distance: number }) => distance);
    expect(distances).toEqual([...distances].sort());
  });

  test('takes a text of any length, and refuses one without words', async () => {
    const long = Array.from({ length: 90 }, (_, index) => `word${index}`).join(' ');
    expect((await call('semantic_search', { query: long })).data.results).toEqual([]);
    expect((await call('semantic_search', { query: '?!' })).data.error.code).toBe('query_required');
  });
});

test('get_links shows both directions, also of a page that is not there', async () => {
  const { text } = await call('get_links', { path: 'Birds/Gull' });
  expect(text).toBe(
    'Links for Birds/Gull:\n\nLinks to (0):\n  (none)\n\nLinked from (2):\n  - Birds/Tern\n  - Home',
  );
  expect((await call('get_links', { path: 'Nowhere' })).data).toMatchObject({ linked_from: ['Home'] });
});

test('pages without links to them, links to nowhere and pages that lack are found', async () => {
  const orphaned = await call('find_orphaned_notes');
  expect(orphaned.text).toBe('Found 1 orphaned notes (no page links to them):\n- Birds/Tern');
  const broken = await call('find_broken_links');
  expect(broken.data).toMatchObject({
    total: 1,
    pages: [{ path: 'Home', links: [{ link: '[[Nowhere]]' }] }],
  });
  expect(broken.text).toContain('Found 1 notes with broken links:\n- Home\n  - [[Nowhere]]');
  const wanted = await call('find_wanted_notes');
  expect(wanted.text).toBe('Found 1 wanted notes:\n- Nowhere (linked from 1)');
});

describe('the history', () => {
  test('of a page and of the wiki is shown as commits', async () => {
    const { data, text } = await call('get_history', { path: 'Birds/Gull' });
    const [{ revision, date }] = data.history;
    const short = revision.slice(0, 8);
    expect(text).toBe(
      `History for Birds/Gull (1 revisions):\n- ${short} | ${date} | Kittiwake\n  [api] Create: Birds/Gull`,
    );
    const changes = await call('get_recent_changes', { limit: 1 });
    const [entry] = changes.data.entries;
    expect(changes.text).toMatch(
      `1 recent changes:\n- ${entry.date} | Kittiwake | Birds/Tern\n  [api] Create: Birds/Tern`,
    );
    const rest = await call('get_recent_changes', { limit: 1, cursor: changes.data.next_cursor });
    expect(rest.data.entries[0].pages_affected).toEqual(['Birds/Gull']);
    expect((await call('get_history', { path: 'None' })).data.error.code).toBe('page_not_found');
  });

  test('limits beyond their bounds are drawn in', async () => {
    expect((await call('get_recent_changes', { limit: 0 })).data.entries).toHaveLength(1);
    expect((await call('get_recent_changes', { limit: 100_000 })).data.entries).toHaveLength(3);
  });

  test('is followed from a cursor on', async () => {
    const before = await call('changes_since');
    expect(before.data.events).toHaveLength(3);
    await wiki.write('Followed', 'x');
    const { data, text } = await call('changes_since', { cursor: before.data.cursor });
    expect(data.events).toMatchObject([{ type: 'page_created', path: 'followed' }]);
    expect(text).toContain(
      `| Kittiwake | page_created | followed\nAsk for later ones with cursor "${data.cursor}".`,
    );
    expect((await call('changes_since', { cursor: 'x' })).data.error.code).toBe('cursor_invalid');
  });

  test('of a page is compared', async () => {
    const from = await wiki.write('Compared', 'one\ntwo\n');
    const now = await wiki.write('Compared', 'one\n2\n');
    const { text, data } = await call('diff_note', { path: 'Compared', from });
    const diff = '@@ -1,2 +1,2 @@\n one\n-two\n+2\n';
    expect(data).toEqual({ path: 'Compared', from, to: now, diff, is_same: false, truncated: false });
    expect(text).toBe(`Changes in Compared from ${from.slice(0, 8)} to ${now.slice(0, 8)}:\n\n${diff}`);
    expect((await call('diff_note', { path: 'Compared', from, to: from })).data).toMatchObject({
      is_same: true,
    });
  });
});

describe('attachments', () => {
  const content = Buffer.from('hello').toString('base64');

  test('are uploaded, listed, downloaded and deleted', async () => {
    const upload = await call('upload_attachment', { path: 'Home', filename: 'My Note.txt', content });
    expect(upload.text).toBe('Uploaded My_Note.txt to Home (5 bytes)');
    const listed = await call('list_attachments', { path: 'Home' });
    expect(listed.text).toBe('Attachments for Home (1):\n- My_Note.txt (text/plain, 5 bytes)');
    expect(listed.data.attachments[0].uri).toBe('wiki://attachments/Home/My_Note.txt');
    const download = await call('download_attachment', { path: 'Home', filename: 'My_Note.txt' });
    expect(download.text).toBe(`My_Note.txt (text/plain, 5 bytes)\n\n${content}`);
    expect(download.data).toMatchObject({ content, mime_type: 'text/plain', size: 5 });
    const removed = await call('delete_attachment', { path: 'Home', filename: 'My_Note.txt' });
    expect(removed.text).toBe('Deleted attachment My_Note.txt');
    const { body } = await wiki.call('GET', '/changelog?limit=1');
    expect(body.entries[0].message).toBe('[mcp] Delete attachment: Home/My_Note.txt');
    const absent = await call('download_attachment', { path: 'Home', filename: 'My_Note.txt' });
    expect(absent.text).toBe('Attachment not found: My_Note.txt. Use list_attachments to see what there is.');
  });

  test('that are images are shown', async () => {
    await call('upload_attachment', { path: 'Home', filename: 'a.png', content });
    const shown = await call('download_attachment', { path: 'Home', filename: 'a.png' });
    expect(shown.content[1]).toEqual({ type: 'image', data: content, mimeType: 'image/png' });
  });

  test('that are large are not answered whole', async () => {
    const large = Buffer.alloc((1 << 20) + 1).toString('base64');
    await call('upload_attachment', { path: 'Home', filename: 'a.bin', content: large });
    const { text, data } = await call('download_attachment', { path: 'Home', filename: 'a.bin' });
    expect(text).toContain(
      'a.bin (application/octet-stream, 1048577 bytes) is too large to be answered whole.',
    );
    expect(data).toEqual({
      filename: 'a.bin',
      mime_type: 'application/octet-stream',
      size: 1_048_577,
      uri: 'wiki://attachments/Home/a.bin',
    });
  });

  test.each([
    ['base64_invalid', { path: 'Home', filename: 'b.txt', content: 'a' }],
    ['filename_invalid', { path: 'Home', filename: '...', content }],
    ['filename_is_page', { path: 'Home', filename: 'a.md', content }],
    ['page_not_found', { path: 'None', filename: 'a.txt', content }],
    [
      'attachment_too_large',
      { path: 'Home', filename: 'b', content: Buffer.alloc(10 * 1024 ** 2 + 1).toString('base64') },
    ],
  ])('are refused with %s', async (code, args) => {
    expect((await call('upload_attachment', args)).data.error.code).toBe(code);
  });
});

test('import_status shows the imports that there are', async () => {
  expect((await call('import_status')).text).toBe('0 imports:');
  const started = await wiki.call('POST', '/imports', { name: 'a.csv', size: 10 });
  const { id } = started.body;
  const { text, data } = await call('import_status', { id });
  expect(text).toBe(`1 imports:\n- ${id} | awaiting_upload | a.csv | 0 files written, 0 failures`);
  expect(data.imports).toMatchObject([{ id, state: 'awaiting_upload' }]);
  expect((await call('import_status')).data.imports).toHaveLength(1);
  expect((await call('import_status', { id: 'none' })).data.error.code).toBe('import_not_found');
});
