import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROXY, proxied } from '../http/proxied.ts';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';
import { type Call, callerOf } from './tool-call.ts';

/** All that hidden pages hold, and what they are called, has the word. */
const WORD = 'kestrel';
const SECRET = `Secret/${WORD}`;

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;
let anna: Call;
let staff: Call;
let revision: string;
let commit: string;

beforeAll(async () => {
  wiki = await openMcpWiki(PROXY, step => steps.push(step));
  await wiki.write('Home', 'gull [[Docs]]');
  await wiki.write('Docs', 'gull');
  await wiki.write(SECRET, `${WORD} gull\n[[Home]] [[Docs]] [[Lost ${WORD}]]`);
  revision = await wiki.write(SECRET, `${WORD} gull again\n[[Home]] [[Docs]] [[Lost ${WORD}]]`);
  await wiki.call('POST', `/pages/${SECRET}/attachments`, { filename: `${WORD}.txt`, content: 'eA==' });
  const changes = [
    { op: 'put', path: 'Both', content: 'gull' },
    { op: 'put', path: `Secret/Other ${WORD}`, content: WORD },
  ];
  commit = (await wiki.call('POST', '/batch', { changes, commit_message: `about ${WORD}` })).body.revision;
  await wiki.call('PUT', '/policy/rules/Secret', { read: ['group:staff'] });
  anna = await callerOf(await wiki.connect(proxied('anna', 'READ WRITE UPLOAD')));
  staff = await callerOf(await wiki.connect(proxied('ben', 'READ WRITE UPLOAD staff')));
});

afterAll(async () => {
  for (const step of steps) await step();
});

type Arguments = Record<string, unknown>;

const FOR_ALL: [string, Arguments][] = [
  ['list_notes', {}],
  ['list_notes', { prefix: 'Secret' }],
  ['search_notes', { query: 'gull' }],
  ['search_notes', { query: 'gull', mode: 'ranked' }],
  ['semantic_search', { query: 'gull again home' }],
  ['find_orphaned_notes', {}],
  ['find_broken_links', {}],
  ['find_wanted_notes', {}],
  ['get_recent_changes', {}],
  ['changes_since', { cursor: 'start' }],
  ['read_note', { path: 'Home' }],
  ['get_links', { path: 'Home' }],
  ['get_history', { path: 'Both' }],
  ['list_attachments', { path: 'Home' }],
];

describe('who may not read a page', () => {
  test.each(FOR_ALL)('is told nothing of it by %s %j', async (name, args) => {
    const [hidden, shown] = [await anna(name, args), await staff(name, args)];
    expect(hidden.isError).toBe(false);
    expect(JSON.stringify(hidden).toLowerCase()).not.toContain(WORD);
    expect(shown.isError).toBe(false);
  });

  test('would be told of it by most of them if it were not hidden', async () => {
    const told = await Promise.all(
      FOR_ALL.map(async ([name, args]) => JSON.stringify(await staff(name, args))),
    );
    const telling = told.filter(each => each.toLowerCase().includes(WORD));
    expect(telling.length).toBeGreaterThanOrEqual(10);
  });

  const of = { path: SECRET };

  test.each<[string, () => Arguments]>([
    ['read_note', () => of],
    ['read_note', () => ({ ...of, revision })],
    ['get_history', () => of],
    ['diff_note', () => ({ ...of, from: revision })],
    ['list_attachments', () => of],
    ['download_attachment', () => ({ ...of, filename: `${WORD}.txt` })],
  ])('finds it as absent as any by %s', async (name, args) => {
    const hidden = await anna(name, args());
    expect(hidden.data.error).toEqual({ code: 'page_not_found', message: `Page not found: ${SECRET}` });
    expect((await staff(name, args())).isError).toBe(false);
  });

  test.each<[string, () => Arguments]>([
    ['write_note', () => ({ ...of, content: 'x', revision, on_conflict: 'merge' })],
    ['edit_note', () => ({ ...of, revision, old_string: 'gull', new_string: 'x' })],
    ['edit_section', () => ({ ...of, revision, section: 'A', content: 'x' })],
    ['append_to_note', () => ({ ...of, content: 'x' })],
    ['rename_note', () => ({ ...of, new_path: 'Elsewhere' })],
    ['rename_note', () => ({ path: 'Docs', new_path: SECRET })],
    ['delete_note', () => of],
    ['restore_note', () => ({ ...of, to: revision })],
    ['revert', () => ({ revision: commit })],
    ['batch', () => ({ changes: [{ op: 'delete', ...of }] })],
    ['upload_attachment', () => ({ ...of, filename: 'a.txt', content: 'eA==' })],
    ['delete_attachment', () => ({ ...of, filename: `${WORD}.txt` })],
  ])('changes nothing of it by %s', async (name, args) => {
    const head = await wiki.head();
    for (const dry of [true, false]) {
      const refused = await anna(name, { ...args(), dry_run: dry });
      expect(refused.isError).toBe(true);
      expect(JSON.stringify(refused)).not.toMatch(/gull|Other/);
    }
    expect(await wiki.head()).toBe(head);
  });

  test('is not given its resources', async () => {
    const client = await wiki.connect(proxied('anna', 'READ WRITE UPLOAD'));
    expect(JSON.stringify(await client.listResources())).not.toContain(WORD);
    const uri = `wiki://pages/${SECRET}`;
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
    const page = { type: 'ref/resource', uri: 'wiki://pages/{+path}' } as const;
    const { completion } = await client.complete({ ref: page, argument: { name: 'path', value: 'sec' } });
    expect(completion.values).toEqual([]);
  });

  test('is named in the log when it was refused', () => {
    const denied = wiki.lines.filter(({ event }) => event === 'denied');
    expect(denied).toContainEqual(expect.objectContaining({ operation: 'write_note', needed: 'write' }));
  });
});

describe('tools', () => {
  const names = async (as: Record<string, string> | string) =>
    (await (await wiki.connect(as)).listTools()).tools.map(({ name }) => name);

  test('that a caller can never use are not offered', async () => {
    const all = await names('test-key');
    const reader = await names(proxied('carl', 'READ'));
    expect(all).toEqual(expect.arrayContaining(['write_note', 'upload_attachment', 'import_status']));
    expect(reader).toEqual(expect.arrayContaining(['read_note', 'search_notes', 'download_attachment']));
    expect(reader).not.toEqual(expect.arrayContaining(['write_note']));
    expect(reader).not.toEqual(expect.arrayContaining(['upload_attachment']));
    const writer = await names(proxied('dora', 'READ WRITE'));
    expect(writer).toContain('write_note');
    expect(writer).not.toContain('upload_attachment');
  });

  test('that a token has no right to do not exist for it', async () => {
    const { body } = await wiki.call('POST', '/tokens', { name: 'reader', rights: ['read'] });
    const client = await wiki.connect(body.token);
    const { tools } = await client.listTools();
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    const call = { name: 'write_note', arguments: { path: 'New', content: 'x' } };
    await expect(client.callTool(call)).rejects.toMatchObject({
      code: -32_602,
      message: 'Unknown tool: write_note',
    });
    expect(await wiki.text('New')).toBeUndefined();
  });

  test('refuse a caller without the right, whatever was offered', async () => {
    const carl = await callerOf(await wiki.connect(proxied('carl', 'READ')));
    const refused = await carl('write_note', { path: 'New', content: 'x' });
    expect(refused.text).toMatch(/^Wiki API error \(403\): /);
    expect(refused.data.error).toMatchObject({ code: 'forbidden', needed: 'write' });
  });

  test('write in the name of their caller', async () => {
    await anna('write_note', { path: 'By Anna', content: 'x' });
    const { body } = await wiki.call('GET', '/pages/By%20Anna');
    expect(body.last_commit.author).toBe('anna');
  });
});
