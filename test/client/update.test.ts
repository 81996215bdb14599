import { expect, test } from 'vitest';
import { openListeningWiki } from '../support/listening-wiki.ts';

test('writers of one page lose nothing of each other', { timeout: 120_000 }, async () => {
  const wiki = await openListeningWiki();
  const writers = ['ann', 'ben', 'cleo', 'dan'].map(name => ({ name, client: wiki.client() }));
  await Promise.all(
    writers.map(async ({ name, client }) => {
      for (let n = 0; n < 8; n++) await client.append('Log', `${name} ${n}\n`, { attempts: 100 });
    }),
  );
  const lines = (await wiki.text('Log'))?.trim().split('\n') ?? [];
  expect(lines.sort()).toEqual(
    writers.flatMap(({ name }) => [0, 1, 2, 3, 4, 5, 6, 7].map(n => `${name} ${n}`)),
  );
});

test('an update sees what others wrote while it was thought over', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  await client.put('Home', 'one\n');
  const seen: unknown[] = [];
  await client.update('Home', async text => {
    if (seen.push(text) === 1) await wiki.write('Home', 'two\n');
    return `${text}three\n`;
  });
  expect(seen).toEqual(['one\n', 'two\n']);
  expect(await wiki.text('Home')).toBe('two\nthree\n');
});

test('an update is merged by the server where it is asked to', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  await client.put('Home', 'one\n\n\n\n\ntwo\n');
  let calls = 0;
  await client.update(
    'Home',
    async text => {
      if (++calls === 1) await wiki.write('Home', 'ONE\n\n\n\n\ntwo\n');
      return text?.replace('two', 'TWO');
    },
    { onConflict: 'merge' },
  );
  expect([calls, await wiki.text('Home')]).toEqual([1, 'ONE\n\n\n\n\nTWO\n']);
});

test('a page that others create or delete meanwhile is read once more', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  const seen: unknown[] = [];
  await client.update('New', async text => {
    if (seen.push(text) === 1) await wiki.write('New', 'theirs\n');
    return `${text ?? ''}mine\n`;
  });
  expect([seen, await wiki.text('New')]).toEqual([[undefined, 'theirs\n'], 'theirs\nmine\n']);
  await client.update('New', async text => {
    if (seen.push(text) === 3) await client.remove('New');
    return `${text ?? ''}again\n`;
  });
  expect(await wiki.text('New')).toBe('again\n');
});

test('an update lands through something that compresses answers, and so weakens their ETags', async () => {
  const wiki = await openListeningWiki({
    front: app => ({
      handle: async request => {
        const response = await app.handle(request);
        const { etag } = response.headers;
        if (etag !== undefined) response.headers.etag = `W/${etag}`;
        return response;
      },
    }),
  });
  const client = wiki.client();
  await client.append('Log', 'one\n');
  await client.append('Log', 'two\n');
  const page = await client.page('Log');
  expect([page.content, await client.page('Log', { known: page })]).toEqual(['one\ntwo\n', page]);
});

test('an update that has nothing to write writes nothing', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  expect(await client.update('Home', () => undefined)).toBeUndefined();
  const { revision } = await client.put('Home', 'one\n');
  expect(await client.update('Home', text => text)).toBeUndefined();
  expect(await wiki.head()).toBe(revision);
});

test('an update ends when others are always first', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client();
  let calls = 0;
  const update = client.update(
    'Home',
    async () => {
      await wiki.write('Home', `theirs ${++calls}\n`);
      return 'mine\n';
    },
    { attempts: 3 },
  );
  await expect(update).rejects.toMatchObject({ code: 'update_overtaken', retryable: true });
  expect(await wiki.text('Home')).toBe('theirs 3\n');
});
