import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';
import { type Call, callerOf } from './tool-call.ts';

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;
let call: Call;

beforeAll(async () => {
  wiki = await openMcpWiki({}, step => steps.push(step));
  call = await callerOf(await wiki.connect());
});

afterAll(async () => {
  for (const step of steps) await step();
});

const newest = async () => (await wiki.call('GET', '/changelog?limit=1')).body.entries[0];

describe('rename_note', () => {
  test('moves a page, and names the pages whose links it rewrote', async () => {
    await wiki.write('R1', 'x');
    await wiki.write('R1-Source', '[[R1]]');
    const { text, data } = await call('rename_note', { path: 'R1', new_path: 'Moved/R1' });
    const short = data.revision.slice(0, 8);
    expect(text).toBe(
      `Renamed R1 -> Moved/R1 (revision: ${short})\nUpdated 1 backreferences:\n  - R1-Source`,
    );
    expect(await wiki.text('R1-Source')).toBe('[[Moved/R1]]');
  });

  test('says that no link needed rewriting', async () => {
    await wiki.write('R2', 'x');
    const { text } = await call('rename_note', { path: 'R2', new_path: 'R2b', commit_message: 'Better' });
    expect(text).toMatch(
      /^Renamed R2 -> R2B \(revision: [0-9a-f]{8}\)\nNo backreferences needed updating\.$/,
    );
    expect((await newest()).message).toBe('[mcp] Better');
  });

  test('refuses a place that is taken', async () => {
    await wiki.write('R3', 'x');
    await wiki.write('R4', 'y');
    const { text, data } = await call('rename_note', { path: 'R3', new_path: 'R4' });
    expect(text).toBe('Conflict: A page already exists at: R4.');
    expect(data.error.code).toBe('page_exists_at');
  });
});

describe('delete_note and restore_note', () => {
  test('delete a page, and bring it back', async () => {
    const revision = await wiki.write('D1', 'text');
    expect((await call('delete_note', { path: 'D1' })).text).toBe('Deleted D1');
    expect((await newest()).message).toBe('[mcp] Delete: D1');
    expect(await wiki.text('D1')).toBeUndefined();
    const { text, data } = await call('restore_note', { path: 'D1', to: revision.slice(0, 8) });
    const [from, now] = [revision.slice(0, 8), data.revision.slice(0, 8)];
    expect(text).toBe(`Restored D1 from ${from} (revision: ${now})`);
    expect(await wiki.text('D1')).toBe('text');
  });

  test('hold to a revision that is given, and refuse what is not there', async () => {
    const revision = await wiki.write('D2', 'one');
    await wiki.write('D2', 'two');
    expect((await call('delete_note', { path: 'D2', revision })).data.error.code).toBe('revision_mismatch');
    expect((await call('delete_note', { path: 'Nowhere' })).data.error.code).toBe('page_not_found');
    const absent = await call('restore_note', { path: 'D2', to: 'f'.repeat(40) });
    expect(absent.data.error.code).toBe('commit_not_found');
  });

  test('delete what is below a page when asked to', async () => {
    await wiki.write('D3', 'x');
    await wiki.write('D3/Sub', 'y');
    const { data } = await call('delete_note', { path: 'D3', recursive: true });
    expect(data).toMatchObject({ deleted_pages: ['D3/Sub'], deleted_attachments: 0 });
  });
});

describe('batch and revert', () => {
  test('make several changes in one commit, and undo them', async () => {
    const revision = await wiki.write('B1', 'old');
    const changes = [
      { op: 'put', path: 'B2', content: 'new' },
      { op: 'patch', path: 'B1', revision, old_string: 'old', new_string: 'changed' },
    ];
    const made = await call('batch', { changes, commit_message: 'Both' });
    const short = made.data.revision.slice(0, 8);
    expect(made.text).toBe(`Made 2 changes (revision: ${short}):\n- put B2\n- patch B1`);
    expect(await newest()).toMatchObject({ message: '[mcp] Both', pages_affected: ['B1', 'B2'] });
    const undone = await call('revert', { revision: made.data.revision });
    expect(undone.text).toContain(`Reverted ${short} (revision: ${undone.data.revision.slice(0, 8)})`);
    expect(await wiki.text('B1')).toBe('old');
    expect(await wiki.text('B2')).toBeUndefined();
  });

  test('change nothing when one change is refused, and say which', async () => {
    const head = await wiki.head();
    const changes = [
      { op: 'put', path: 'B3', content: 'new' },
      { op: 'delete', path: 'Nowhere' },
    ];
    const { data } = await call('batch', { changes });
    expect(data.error).toMatchObject({ code: 'page_not_found', index: 1 });
    expect((await call('batch', { changes: [{ op: 'put', path: 'x' }] })).data.error.code).toBe(
      'body_invalid',
    );
    expect((await call('batch', { changes: [] })).data.error.code).toBe('batch_empty');
    expect((await call('revert', { revision: 'abcd' })).data.error.code).toBe('commit_not_found');
    expect(await wiki.head()).toBe(head);
  });
});
