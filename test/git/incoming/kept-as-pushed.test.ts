import { expect, test } from 'vitest';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { git } from '../../support/git-command.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { at, cloneOf, commit, expectSound, fetchInto, push } from './push-support.ts';

async function wikiAndCopy() {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n', 'docs/b.md': 'two\n' });
  return { repository, before, copy: await cloneOf(repository) };
}

test('modes, links and submodules stay as they were pushed', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const link = git(copy, ['hash-object', '-w', '--stdin'], { input: 'a.md' }).toString().trim();
  at(copy, 'update-index', '--chmod=+x', 'a.md');
  at(copy, 'update-index', '--add', '--cacheinfo', `120000,${link},link.md`);
  at(copy, 'update-index', '--add', '--cacheinfo', `160000,${before},module`);
  at(copy, 'commit', '--quiet', '-m', 'Odd modes');
  await push(repository, copy);
  const files = await (await repository.view()).files('');
  expect(files.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
    ['a.md', '100755'],
    ['docs/b.md', '100644'],
    ['link.md', '120000'],
    ['module', '160000'],
  ]);
  await commitFiles(repository, { 'c.md': 'later\n' });
  await repository.flusher.flush();
  await expectSound(repository);
});

test('a commit with a signature, an unknown header and a message in Latin-1 keeps its bytes', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const tree = at(copy, 'rev-parse', 'HEAD^{tree}');
  const who = 'Jos\xe9 <jose@example.org> 1700000000 +0100';
  const head = `tree ${tree}\nparent ${before}\nauthor ${who}\ncommitter ${who}\n`;
  const more =
    'encoding ISO-8859-1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n xyz\n -----END PGP SIGNATURE-----\nx-odd 1\n';
  const input = Buffer.from(`${head}${more}\nCaf\xe9\n`, 'latin1');
  const after = git(copy, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input }).toString().trim();
  await push(repository, copy, { updates: [{ ref: 'refs/heads/main', before, after }] });
  const found = await (await repository.view()).commit(after);
  expect([found?.author.name, found?.message]).toEqual(['José', 'Café\n']);
  await repository.flusher.flush();
  await expectSound(repository);
});

test('a thousand commits in one push are each found with what they changed', async () => {
  const { repository, copy } = await wikiAndCopy();
  const lines: string[] = [];
  for (let n = 0; n < 1000; n += 1) {
    lines.push('commit refs/heads/main', `committer Ann <a@b> ${1_700_000_000 + n} +0000`, 'data 1', 'x');
    if (n === 0) lines.push('from refs/heads/main^0');
    const text = `version ${n}\n`;
    lines.push(`M 100644 inline docs/p${n % 50}.md`, `data ${text.length}`, text);
  }
  git(copy, ['fast-import', '--quiet'], { input: lines.join('\n') });
  const head = at(copy, 'rev-parse', 'main');
  expect(await push(repository, copy)).toEqual({ changed: true, commits: 1000, head });
  const view = await repository.view();
  expect(view.ordinal).toBe(1000);
  let touches = 0;
  for await (const _ of view.touches('docs/p7.md')) touches += 1;
  expect(touches).toBe(20);
  await expectSound(repository);
}, 60_000);

test('events go on through a merge whose second parent the head was, and tell what the merge brought', async () => {
  const { repository, copy } = await wikiAndCopy();
  commit(copy, { 'a.md': 'mine\n' });
  const last = await commitFiles(repository, { 'docs/b.md': 'theirs\n' });
  const seen = await repository.view({ maxAgeMs: 0 });
  await fetchInto(copy, repository);
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  const { head } = await push(repository, copy);
  const position = { after: { head: last, ordinal: seen.ordinal }, told: 0 };
  const view = await repository.view({ maxAgeMs: 0 });
  const batch = await createEventReader().after(view, position, { limit: 100 });
  expect(batch?.events.map(({ type, file, commit: oid }) => [type, file, oid])).toEqual([
    ['page_updated', 'a.md', head],
  ]);
  expect(batch?.position.after).toEqual({ head, ordinal: seen.ordinal + 1 });
});
