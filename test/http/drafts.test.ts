import { beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Harness, openWiki } from './harness.ts';
import { NOBODY, PROXY, proxied } from './proxied.ts';

const ANNA = proxied('anna', 'READ WRITE');
const BEN = proxied('ben', 'READ WRITE');
const READER = proxied('reader', 'READ');

let wiki: Harness;

beforeEach(async () => {
  wiki = await openWiki({ ...PROXY, KITTIWAKE_DRAFT_DAYS: '2' });
});

function save(path: string, body: object, headers: Record<string, string> = ANNA): Promise<Answer> {
  return wiki.call('PUT', `/drafts/${path}`, body, headers);
}

function read(path: string, headers: Record<string, string> = ANNA): Promise<Answer> {
  return wiki.call('GET', `/drafts/${path}`, undefined, headers);
}

describe('a draft', () => {
  test('is what its author last saved, with the cursor, and no commit', async () => {
    const head = await wiki.head();
    const made = await save('Docs/New', { content: 'one' });
    expect([made.status, made.body]).toMatchObject([201, { path: 'Docs/New', base_revision: null }]);
    const saved = await save('docs/new.md', { content: 'two', cursor: { line: 3, ch: 7 } });
    expect(saved.status).toBe(200);
    const { status, body, headers } = await read('Docs/New');
    expect([status, body]).toMatchObject([
      200,
      { content: 'two', cursor: { line: 3, ch: 7 }, current_revision: null, moved_on: false },
    ]);
    expect(headers.etag).toBe(saved.headers.etag);
    expect(Date.parse(body.expires) - Date.parse(body.updated)).toBe(2 * 86_400_000);
    expect(await wiki.head()).toBe(head);
    expect((await wiki.call('GET', '/pages/Docs/New')).status).toBe(404);
  });

  test('is its author\u2019s alone', async () => {
    await save('Home', { content: 'anna' });
    expect((await read('Home', BEN)).status).toBe(404);
    await save('Home', { content: 'ben' }, BEN);
    expect((await read('Home')).body.content).toBe('anna');
    expect((await wiki.call('DELETE', '/drafts/Home', undefined, BEN)).status).toBe(200);
    expect((await wiki.call('GET', '/drafts', undefined, BEN)).body).toEqual({ drafts: [], total: 0 });
    expect((await read('Home')).status).toBe(200);
  });

  test('is of one program alone, also when an operator made its token', async () => {
    const { service } = wiki;
    const operator = { id: 'command-line', standing: 'operator', grants: [], names: [] } as const;
    const make = async (name: string) => {
      const { text } = await (await service.tokens()).as(operator).create({ name, rights: ['write'] });
      return { authorization: `Bearer ${text}` };
    };
    const [one, other] = [await make('One'), await make('Other')];
    await save('Docs/New', { content: 'of one' }, one);
    expect((await read('Docs/New', one)).body.content).toBe('of one');
    expect((await read('Docs/New', other)).status).toBe(404);
  });

  test('is nobody\u2019s who is not known, even where everybody may write', async () => {
    const open = await openWiki({ READ_ACCESS: 'ANONYMOUS', WRITE_ACCESS: 'ANONYMOUS' });
    expect((await open.call('PUT', '/pages/Home', { content: 'x' }, NOBODY)).status).toBe(201);
    for (const [method, path] of [
      ['PUT', '/drafts/Home'],
      ['GET', '/drafts/Home'],
      ['DELETE', '/drafts/Home'],
      ['GET', '/drafts'],
    ] as const)
      expect((await open.call(method, path, { content: 'x' }, NOBODY)).status).toBe(401);
  });

  test('is for whoever may write the page, and is read by whoever may read it', async () => {
    expect((await save('Home', { content: 'x' }, READER)).status).toBe(403);
    await save('Home', { content: 'x' });
    await wiki.call('PUT', '/policy/rules/Home', { write: [] });
    expect((await save('Home', { content: 'y' })).status).toBe(403);
    expect((await read('Home')).body.content).toBe('x');
    await wiki.call('PUT', '/policy/rules/Home', { read: [] });
    expect((await read('Home')).status).toBe(404);
    expect((await wiki.call('GET', '/drafts', undefined, ANNA)).body.total).toBe(0);
  });

  test('is overwritten by the last save, unless the caller says which one it knows', async () => {
    const first = await save('Home', { content: 'first' });
    await save('Home', { content: 'second' });
    const stale = await save('Home', { content: 'third' }, { ...ANNA, 'if-match': first.headers.etag ?? '' });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    const fresh = await save('Home', { content: 'x' }, { ...ANNA, 'if-none-match': '*' });
    expect(fresh.status).toBe(412);
    expect((await read('Home')).body.content).toBe('second');
    const known = (await read('Home')).headers.etag ?? '';
    expect((await save('Home', { content: 'third' }, { ...ANNA, 'if-match': known })).status).toBe(200);
  });

  test('is deleted once', async () => {
    await save('Home', { content: 'x' });
    const { status, body } = await wiki.call('DELETE', '/drafts/home', undefined, ANNA);
    expect([status, body]).toEqual([200, { deleted: true, path: 'Home' }]);
    expect((await wiki.call('DELETE', '/drafts/home', undefined, ANNA)).status).toBe(404);
    expect((await read('Home')).body).toEqual({ code: 'draft_not_found', error: 'Draft not found: Home' });
    expect((await save('Home', { content: 'again' })).status).toBe(201);
  });

  test('is not deleted with a token that may not write there', async () => {
    await save('Home', { content: 'x' });
    for (const scope of [{ rights: ['read'] }, { rights: ['write'], prefix: 'docs' }]) {
      const { token } = (await wiki.call('POST', '/tokens', { name: 'T', ...scope }, ANNA)).body;
      const holder = { authorization: `Bearer ${token}` };
      const { status, body } = await wiki.call('DELETE', '/drafts/Home', undefined, holder);
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    expect((await read('Home')).body.content).toBe('x');
  });

  test.each([
    [{}, 422],
    [{ content: 7 }, 422],
    [{ content: 'x', revision: '-x' }, 422],
    [{ content: 'x', revision: 'abc' }, 422],
    [{ content: 'x', cursor: { line: -1, ch: 0 } }, 422],
    [{ content: 'x', cursor: { line: 1 } }, 422],
    [{ content: 'x', cursor: 'start' }, 422],
  ])('is refused when it is none: %j', async (body, status) => {
    expect((await save('Home', body)).status).toBe(status);
  });

  test.each(['a/../b', '.git/x', '%252e%252e/x'])('has a path that a page can have: %s', async path => {
    expect((await save(path, { content: 'x' })).status).toBe(422);
  });

  test('is no larger than a page', async () => {
    const small = await openWiki({ ...PROXY, KITTIWAKE_MAX_BODY: '2KiB' });
    const { status } = await small.call('PUT', '/drafts/Home', { content: 'x'.repeat(3000) }, ANNA);
    expect(status).toBe(413);
  });
});

describe('a page that has moved on', () => {
  test('is told of, and a merge is proposed', async () => {
    const base = await wiki.write('Home', 'a\nb\nc\nd\ne\n');
    await save('Home', { content: 'a\nb\nc\nd\nE\n', revision: base });
    expect((await read('Home')).body).toMatchObject({ current_revision: base, moved_on: false });
    expect((await read('Home?merge=true')).body.merge).toBeUndefined();
    const current = await wiki.write('Home', 'A\nb\nc\nd\ne\n');
    const { body } = await read('Home?merge=true');
    expect(body).toMatchObject({ base_revision: base, current_revision: current, moved_on: true });
    expect(body.merge).toEqual({ clean: true, content: 'A\nb\nc\nd\nE\n' });
    await wiki.write('Home', 'a\nb\nc\nd\nother\n');
    expect((await read('Home?merge=true')).body.merge).toMatchObject({
      clean: false,
      hunks: [{ base: 'e', current: 'other', proposed: 'E' }],
    });
  });

  test('may be gone, or be there where there was none', async () => {
    const base = await wiki.write('Old', 'text\n');
    await save('Old', { content: 'more\n', revision: base.slice(0, 8) });
    await save('Fresh', { content: 'mine\n' });
    await wiki.call('POST', '/pages/Old/rename', { new_path: 'Renamed' });
    await wiki.write('Fresh', 'theirs\n');
    const { body } = await wiki.call('GET', '/drafts', undefined, ANNA);
    expect(body).toMatchObject({
      drafts: [
        { path: 'Fresh', base_revision: null, moved_on: true },
        { path: 'Old', current_revision: null, moved_on: true },
      ],
      total: 2,
    });
    expect((await read('Old?merge=true')).body.merge).toBeNull();
    expect((await read('Fresh?merge=true')).body.merge.clean).toBe(false);
  });
});

describe('a page that is saved', () => {
  test('takes its draft along when that is asked for', async () => {
    await save('Home', { content: 'x' });
    const body = { content: 'x', discard_draft: true };
    const tried = await wiki.call('PUT', '/pages/Home', { ...body, dry_run: true }, ANNA);
    expect(tried.body.draft_discarded).toBeUndefined();
    const made = await wiki.call('PUT', '/pages/Home', body, ANNA);
    expect([made.status, made.body.draft_discarded]).toEqual([201, true]);
    expect((await read('Home')).status).toBe(404);
  });

  test('leaves it alone else, and leaves alone those of others', async () => {
    await save('Home', { content: 'x' });
    const { body } = await wiki.call('PUT', '/pages/Home', { content: 'x', discard_draft: true }, BEN);
    const change = { revision: body.revision, old_string: 'x', new_string: 'y' };
    const patched = await wiki.call('PATCH', '/pages/Home', change, ANNA);
    expect(patched.body.draft_discarded).toBeUndefined();
    expect((await read('Home')).status).toBe(200);
    const again = { revision: patched.body.revision, old_string: 'y', new_string: 'z', discard_draft: true };
    expect((await wiki.call('PATCH', '/pages/Home', again, ANNA)).body.draft_discarded).toBe(true);
    expect((await read('Home')).status).toBe(404);
  });

  test('keeps what was drafted after it when the request is repeated', async () => {
    const headers = { ...ANNA, 'idempotency-key': 'k' };
    const body = { content: 'x', discard_draft: true };
    await wiki.call('PUT', '/pages/Home', body, headers);
    await save('Home', { content: 'later' });
    const repeated = await wiki.call('PUT', '/pages/Home', body, headers);
    expect(repeated.headers['idempotency-replayed']).toBe('true');
    expect((await read('Home')).body.content).toBe('later');
  });
});
