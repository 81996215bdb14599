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

describe('read_note', () => {
  test('shows name, path, revision, frontmatter and links above the text', async () => {
    const content =
      '---\ntitle: Iran\ncategory: actor\ntags: [a, b]\nlast_updated: x\nempty: ""\n---\nSee [[Read Target]]\n';
    const revision = await wiki.write('Actors/Iran', content);
    await wiki.write('Read-Source', '[[Actors/Iran]]');
    const { text, data } = await call('read_note', { path: 'Actors/Iran' });
    expect(text).toBe(
      `# Iran\nPath: Actors/Iran\nRevision: ${revision}\nCategory: actor | Tags: a, b | Last Updated: x\nLinks to: Read Target\nLinked from: Read-Source\n\n---\n${content}`,
    );
    expect(data).toMatchObject({ path: 'Actors/Iran', name: 'Iran', revision, content, truncated: false });
    expect(data.links_to).toEqual(['Read Target']);
  });

  test('reads one section, without links', async () => {
    const revision = await wiki.write('Sections', '# A\none [[X]]\n## B\ntwo\n# C\nthree\n');
    const { text, data } = await call('read_note', { path: 'Sections', section: 'A > B' });
    expect(text).toBe(
      `# Sections\nPath: Sections\nRevision: ${revision}\nSection: A > B\n\n---\n## B\ntwo\n`,
    );
    expect(data).toMatchObject({ section: 'A > B', content: '## B\ntwo\n', links_to: [] });
  });

  test('names the sections when the one asked for is not there, or there twice', async () => {
    await wiki.write('Twice', '# A\n## Same\n# B\n## Same\n');
    const absent = await call('read_note', { path: 'Twice', section: 'None' });
    expect(absent).toMatchObject({ isError: true, data: { error: { code: 'section_not_found' } } });
    expect(absent.data.error.sections).toEqual(['A', 'A > Same', 'B', 'B > Same']);
    const twice = await call('read_note', { path: 'Twice', section: 'Same' });
    expect(twice.text).toContain('ambiguous');
    expect(twice.data.error.code).toBe('section_ambiguous');
  });

  test('reads an older revision', async () => {
    const first = await wiki.write('Older', 'one');
    await wiki.write('Older', 'two');
    expect((await call('read_note', { path: 'Older', revision: first })).data.content).toBe('one');
  });

  test('gives a long page in parts that cut no character, and says so', async () => {
    await wiki.write('Long', `${'x'.repeat(9)}😀${'y'.repeat(10)}`);
    const first = await call('read_note', { path: 'Long', limit: 10 });
    expect(first.data).toMatchObject({ content: `${'x'.repeat(9)}😀`, truncated: true, next_offset: 11 });
    expect(first.text).toContain('go on with offset 11');
    const rest = await call('read_note', { path: 'Long', offset: 11 });
    expect(rest.data).toMatchObject({ content: 'y'.repeat(10), truncated: true, total_characters: 21 });
    expect(rest.data.next_offset).toBeUndefined();
  });

  test('says what to do about a page that is not there', async () => {
    const { isError, text, data } = await call('read_note', { path: 'Nowhere' });
    expect(isError).toBe(true);
    expect(text).toBe(
      'Page not found: Nowhere. Use write_note to create it, or list_notes to find what there is.',
    );
    expect(data).toEqual({ error: { code: 'page_not_found', message: 'Page not found: Nowhere' } });
  });
});

describe('write_note', () => {
  test('creates, and replaces with the revision that was read', async () => {
    const created = await call('write_note', { path: 'W1', content: 'one' });
    expect(created.text).toBe(`Created W1 (revision: ${created.data.revision.slice(0, 8)})`);
    const revision = created.data.revision.slice(0, 8);
    const updated = await call('write_note', { path: 'W1', content: 'two', revision, commit_message: 'Why' });
    expect(updated.text).toBe(`Updated W1 (revision: ${updated.data.revision.slice(0, 8)})`);
    expect(await newest()).toMatchObject({ message: '[mcp] Why', revision: updated.data.revision });
  });

  test('asks for the revision of a page that is there', async () => {
    await wiki.write('W2', 'one');
    const { isError, text, data } = await call('write_note', { path: 'W2', content: 'two', revision: '' });
    expect(isError).toBe(true);
    expect(text).toContain('Conflict: Revision required');
    expect(data.error.code).toBe('revision_required');
    expect(await wiki.text('W2')).toBe('one');
  });

  test('tells of a conflict with the current revision, and what has changed since', async () => {
    const stale = await wiki.write('W3', 'one\ntwo\n');
    const current = await wiki.write('W3', 'one\n2\n');
    const { isError, text, data } = await call('write_note', { path: 'W3', content: 'x', revision: stale });
    expect(isError).toBe(true);
    expect(text).toContain('Conflict: Revision mismatch');
    expect(text).toContain('Read the page again');
    expect(text).toContain('-two\n+2');
    expect(data.error).toMatchObject({ code: 'revision_mismatch', current_revision: current });
    expect(data.error.diff).toContain('-two\n+2');
    expect(await wiki.text('W3')).toBe('one\n2\n');
  });

  test('merges what others changed in other lines when asked to', async () => {
    const stale = await wiki.write('W4', 'a\nb\nc\nd\ne\n');
    await wiki.write('W4', 'A\nb\nc\nd\ne\n');
    const args = { path: 'W4', content: 'a\nb\nc\nd\nE\n', revision: stale, on_conflict: 'merge' };
    expect((await call('write_note', args)).data).toMatchObject({ merged: true });
    expect(await wiki.text('W4')).toBe('A\nb\nc\nd\nE\n');
    const clash = await call('write_note', { ...args, content: 'ä\nb\nc\nd\ne\n' });
    expect(clash.data.error).toMatchObject({ code: 'merge_conflict', hunks: [{ proposed: 'ä' }] });
  });

  test('tries out without writing', async () => {
    const head = await wiki.head();
    const { text, data } = await call('write_note', { path: 'W5', content: 'x', dry_run: true });
    expect(text).toBe('Dry run, nothing was written. It would change:\n- create w5.md');
    expect(data).toMatchObject({ dry_run: true, changes: [{ path: 'w5.md', action: 'create' }] });
    expect(await wiki.head()).toBe(head);
  });

  test('is carried out once under one key, in whichever order its arguments come', async () => {
    const key = 'k 1';
    const first = await call('write_note', { path: 'W6', content: 'x', idempotency_key: key });
    const again = await call('write_note', { idempotency_key: key, content: 'x', path: 'W6' });
    expect(again).toEqual(first);
    const other = await call('write_note', { path: 'W6', content: 'y', idempotency_key: key });
    expect(other.data.error.code).toBe('idempotency_mismatch');
    const odd = await call('write_note', { path: 'W6', content: 'y', idempotency_key: 'ü' });
    expect(odd.data.error.code).toBe('idempotency_key_invalid');
  });

  test('refuses more than a million characters', async () => {
    const { data } = await call('write_note', { path: 'W7', content: 'x'.repeat(1_000_001) });
    expect(data.error).toMatchObject({ code: 'body_invalid' });
    expect(await wiki.text('W7')).toBeUndefined();
  });
});

describe('edit_note', () => {
  test('replaces the one place where a text stands', async () => {
    const revision = await wiki.write('E1', 'confidence: medium\n');
    const args = { path: 'E1', revision, old_string: 'medium', new_string: 'high' };
    const { text, data } = await call('edit_note', args);
    expect(text).toBe(`Edited E1 (revision: ${data.revision.slice(0, 8)})`);
    expect(await wiki.text('E1')).toBe('confidence: high\n');
    expect((await newest()).message).toBe('[api] Edit: E1');
  });

  test.each([
    ['twice', { old_string: 'a', new_string: 'b' }, 'old_string_ambiguous', 'ambiguous'],
    [
      'nowhere',
      { old_string: 'x', new_string: 'b' },
      'old_string_missing',
      'Invalid request: old_string not found',
    ],
    ['empty', { old_string: '', new_string: 'b' }, 'old_string_empty', 'must not be empty'],
    ['the same', { old_string: 'c', new_string: 'c' }, 'strings_identical', 'identical'],
  ])('refuses a text that is %s', async (_, strings, code, text) => {
    const revision = await wiki.write('E2', 'a a c');
    const refused = await call('edit_note', { path: 'E2', revision, ...strings });
    expect(refused).toMatchObject({ isError: true, data: { error: { code } } });
    expect(refused.text).toContain(text);
  });

  test('tells of a conflict', async () => {
    const revision = await wiki.write('E3', 'one');
    await wiki.write('E3', 'two');
    const refused = await call('edit_note', { path: 'E3', revision, old_string: 'two', new_string: 'x' });
    expect(refused.text).toContain('Revision mismatch');
    expect(refused.data.error.diff).toContain('-one');
  });
});

test('edit_section replaces a section with those in it, and nothing else', async () => {
  const revision = await wiki.write('S1', '# A\none\n## B\ntwo\n# C\nthree\n');
  const args = { path: 'S1', revision, section: 'A', content: '# A\nnew\n' };
  const { text, data } = await call('edit_section', args);
  expect(text).toBe(`Edited S1 (revision: ${data.revision.slice(0, 8)})`);
  expect(await wiki.text('S1')).toBe('# A\nnew\n# C\nthree\n');
});

describe('append_to_note', () => {
  test('adds at the end on a line of its own, without a revision', async () => {
    await wiki.write('A1', 'one');
    const { text, data } = await call('append_to_note', { path: 'A1', content: 'two' });
    expect(text).toBe(`Appended to A1 (revision: ${data.revision.slice(0, 8)})`);
    expect(await wiki.text('A1')).toBe('one\ntwo\n');
  });

  test('adds to a section', async () => {
    await wiki.write('A2', '# A\none\n# B\ntwo\n');
    await call('append_to_note', { path: 'A2', section: 'A', content: 'more' });
    expect(await wiki.text('A2')).toMatch(/^# A\none\n+more\n+# B\ntwo\n$/);
  });

  test('loses nothing of what many add at once', async () => {
    await wiki.write('A3', '');
    const calls = Array.from({ length: 5 }, (_, index) =>
      call('append_to_note', { path: 'A3', content: `line ${index}` }),
    );
    expect((await Promise.all(calls)).filter(({ isError }) => isError)).toEqual([]);
    expect((await wiki.text('A3'))?.split('\n').sort()).toEqual([
      '',
      ...[0, 1, 2, 3, 4].map(n => `line ${n}`),
    ]);
  });

  test('adds once under one key, however often it is called', async () => {
    await wiki.write('A5', '');
    const args = { path: 'A5', content: 'line', idempotency_key: 'append 1' };
    const first = await call('append_to_note', args);
    expect(await call('append_to_note', args)).toEqual(first);
    expect(await wiki.text('A5')).toBe('line\n');
  });

  test('holds to a revision that is given', async () => {
    const revision = await wiki.write('A4', 'one\n');
    await wiki.write('A4', 'two\n');
    const refused = await call('append_to_note', { path: 'A4', content: 'x', revision });
    expect(refused.data.error.code).toBe('revision_mismatch');
    expect((await call('append_to_note', { path: 'Nowhere', content: 'x' })).data.error.code).toBe(
      'page_not_found',
    );
  });
});
