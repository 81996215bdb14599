import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { purgeHistory } from '../../../src/git/purge/purge.ts';
import { siteKey } from '../../../src/projection/site/site-key.ts';
import { sitePrefixes } from '../../../src/projection/site/site-projection.ts';
import { sitePrefix } from '../../../src/projection/site/site-source.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { commitFiles } from '../../support/repository.ts';
import { hide, madeAnew, newWiki, objectsOf, openSite, publish, UUID } from './site-support.ts';

const key = (url: string) => siteKey(url) ?? '';

/** Keys of the objects that hold a word, or are called so. */
async function objectsWith(store: ByteStore, word: string): Promise<string[]> {
  return [...(await objectsOf(store))].flatMap(([name, text]) =>
    `${name} ${text}`.includes(word) ? [name] : [],
  );
}

describe('the site', () => {
  it('shows nothing of files that their names keep out of sight, whatever a page embeds', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, {
      'home.md': '{{DataTable|src=/.env}}\n\n{{AttachmentList}}\n\n![](/home/.canary.png)',
      '.env': 'KEY=canary',
      'home/.canary.csv': 'a;b',
      'home/.canary.png': 'bytes',
    });
    const { store, site } = openSite();
    await publish(site, wiki);
    expect([...(await objectsOf(store)).keys()].filter(each => /canary|=2Eenv/.test(each))).toEqual([]);
    const page = (await objectsOf(store)).get(key('')) ?? '';
    expect(page).toContain('there is no attachment <code>/.env</code>');
    expect(page).not.toMatch(/KEY=canary|canary\.csv/);
  });

  it('has an address for each page, folder and file, and lists of all', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, {
      'home.md': '# Hello\n\n[[Docs/Intro]] and [[Nowhere]]',
      'docs/intro.md': '---\ntitle: First steps\n---\n## One\n\n![](/docs/intro/a.png)',
      'docs/intro/a.png': 'bytes',
    });
    const { store, site } = openSite();
    await publish(site, wiki);
    const objects = await objectsOf(store);
    expect([...objects.keys()].filter(each => each.startsWith('p/'))).toEqual(
      ['', 'docs', 'docs/intro', 'home'].map(key),
    );
    expect(objects.get(key(''))).toContain('href="./docs/intro"');
    expect(objects.get(key(''))).toContain('class="missing"');
    expect(objects.get(key('docs/intro'))).toContain('src="../-/files/docs/intro/a.png"');
    expect(objects.get(key('docs/intro'))).toContain('First steps');
    expect(objects.get(key('docs/intro'))).toContain('href="../-/files/docs/intro.md"');
    expect(objects.get(key('-/files/docs/intro.md'))).toMatch(/^---\ntitle: First steps\n---\n## One\n/);
    expect(objects.get(key('-/files/docs/intro/a.png'))).toBe('bytes');
    expect(objects.get(key('sitemap.xml'))).toContain('https://birds.example.org/-/sitemap/all.xml');
    expect(JSON.parse(objects.get(key('-/tree.json')) ?? '')).toMatchObject({
      entries: [{ url: 'docs', tree: '-/tree/docs.json' }],
    });
    expect(objects.get(key('-/search/all.json'))).toContain('"h":["One"]');
  });

  it('is changed where a commit changes it, and comes out as if it was made at once', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'to [[b]]', 'b.md': 'text', 'c/d.md': 'more' });
    const { store, site } = openSite();
    await publish(site, wiki);
    await commitFiles(wiki, { 'b.md': 'other text' });
    const counts = await publish(site, wiki);
    // The page, its source, its words in the search, and two feeds; the sitemap knows the day of the change.
    expect(counts).toMatchObject({ site_written: 5, site_deleted: 0 });
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
    await commitFiles(wiki, { 'c/e.md': 'new', 'b.md': null });
    await publish(site, wiki);
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('takes links as Otterwiki writes them: in any case, to a folder, by the address of an attachment', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': '[f](/Docs) ![](/Docs/Intro/a/P.png) ![](/Docs/Intro/P.png)' });
    const { store, site } = openSite();
    await publish(site, wiki);
    expect((await objectsOf(store)).get(key('a'))).toContain('class="missing"');
    await commitFiles(wiki, { 'docs/intro.md': 'x', 'docs/intro/P.png': 'bytes' });
    await publish(site, wiki);
    const page = (await objectsOf(store)).get(key('a')) ?? '';
    expect(page).toContain('<a href="./docs">f</a>');
    expect(page.match(/src="[^"]*P\.png"/g)).toEqual(Array(2).fill('src="./-/files/docs/intro/P.png"'));
    await commitFiles(wiki, { 'docs/intro.md': null, 'docs/intro/P.png': null });
    await publish(site, wiki);
    expect((await objectsOf(store)).get(key('a'))).toContain('class="missing"');
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('tells nothing of what is protected, deleted or renamed', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, {
      'home.md': 'see [[canary-one]] {{Include|canary-one}}',
      'a.md': 'a',
      'canary-one.md': '---\ntitle: canary-title\n---\ncanary-text',
      'canary-one/canary-file.txt': 'canary-bytes',
    });
    const { store, site } = openSite();
    await publish(site, wiki);
    await commitFiles(wiki, { 'home.md': 'nothing' }, 'no more');
    await hide(wiki, 'canary-one');
    await publish(site, wiki);
    expect(await objectsWith(store, 'canary')).toEqual([]);
    await hide(wiki);
    await publish(site, wiki);
    expect(JSON.stringify([...(await objectsOf(store))])).toContain('canary-bytes');
    await commitFiles(wiki, { 'canary-one.md': null, 'canary-one/canary-file.txt': null }, 'canary away');
    await publish(site, wiki);
    expect(await objectsWith(store, 'canary')).toEqual([]);
  });

  it('leads from the name that a page had to the one it has, as long as that is there', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'one.md': 'the same text\n', 'x.md': 'x' });
    const { store, site } = openSite();
    await publish(site, wiki);
    await commitFiles(wiki, { 'one.md': null, 'two.md': 'the same text\n' });
    await commitFiles(wiki, { 'two.md': null, 'three.md': 'the same text\n' });
    await publish(site, wiki);
    const objects = await objectsOf(store);
    expect(objects.get(key('one'))).toContain('data-target="./three"');
    expect(objects).toEqual(await madeAnew(wiki));
    await hide(wiki, 'three');
    await publish(site, wiki);
    expect([...(await objectsOf(store)).keys()].filter(each => each.startsWith('p/'))).toEqual(
      ['', 'x'].map(key),
    );
    await hide(wiki);
    await commitFiles(wiki, { 'one.md': 'again' });
    await publish(site, wiki);
    expect((await objectsOf(store)).get(key('one'))).toContain('again');
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('tells nothing of what was purged', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'a', 'canary.md': 'canary-text' });
    await commitFiles(wiki, { 'b.md': 'b', 'canary.md': null, 'kept.md': 'canary-text' }, 'moved');
    await commitFiles(wiki, { 'kept.md': 'kept' });
    const { store, site } = openSite();
    await publish(site, wiki);
    expect(await objectsWith(store, 'canary')).not.toEqual([]);
    await purgeHistory(wiki, { paths: ['canary.md'], blobs: [] });
    await publish(site, wiki);
    expect(await objectsWith(store, 'canary')).toEqual([]);
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('is made anew where it was removed with its state', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'a' });
    const { store, site } = openSite();
    await publish(site, wiki);
    for (const prefix of sitePrefixes(UUID)) {
      const { objects } = await store.list(prefix);
      await store.delete(objects.map(each => each.key));
    }
    await publish(site, wiki);
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('is healed by a rebuild, and once a day', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'a', 'b.md': 'b' });
    const clock = { hours: 0 };
    const runtime = { ...systemRuntime, now: () => systemRuntime.now() + clock.hours * 3_600_000 };
    const { store, site } = openSite({ runtime });
    await publish(site, wiki);
    const damage = async () => {
      await store.delete([sitePrefix(UUID) + key('a')]);
      const found = await store.get(sitePrefix(UUID) + key('b'));
      if (found.kind === 'found')
        await store.put(sitePrefix(UUID) + key('b'), [Buffer.from('bad')], { ifMatch: found.version });
      await store.put(`${sitePrefix(UUID)}${key('stray')}`, [Buffer.from('stray')], { ifAbsent: true });
    };
    await damage();
    await site.rebuild({ newest: () => wiki.view(), deadlineMs: Number.POSITIVE_INFINITY });
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
    await damage();
    clock.hours = 25;
    await publish(site, wiki);
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('sets aside a page without an address, and says so in place of one that cannot be shown', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { '-/x.md': 'taken', 'deep.md': `${'> '.repeat(5_000)}x`, 'a.md': 'a' });
    const { store, site } = openSite();
    await publish(site, wiki);
    const { setAside } = await site.condition();
    expect(setAside.map(({ item, code }) => [item, code]).sort()).toEqual([
      ['-/x.md', 'site_address_unusable'],
      ['deep.md', 'render_too_deep'],
    ]);
    expect((await objectsOf(store)).get(key('deep'))).toContain('render_too_deep');
    await commitFiles(wiki, { '-/x.md': null, 'deep.md': 'better' });
    await publish(site, wiki);
    expect((await site.condition()).setAside).toEqual([]);
    expect(await objectsOf(store)).toEqual(await madeAnew(wiki));
  });

  it('tells caches of every address that has changed, again until they have heard', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'a' });
    const told: (readonly string[])[] = [];
    const caches = { fail: true };
    const invalidator = {
      async invalidate(urls: readonly string[]) {
        told.push(urls);
        if (caches.fail) throw new Error('The cache does not answer');
      },
    };
    const { site } = openSite({ invalidator });
    await expect(publish(site, wiki)).rejects.toThrow('does not answer');
    caches.fail = false;
    await publish(site, wiki);
    expect(told[1]).toEqual(told[0]);
    expect(told[1]).toContain('a');
    await publish(site, wiki);
    expect(told).toHaveLength(2);
    await commitFiles(wiki, { 'a.md': 'other' });
    await publish(site, wiki);
    expect([...(told[2] ?? [])].sort()).toEqual(
      ['-/changelog/feed.atom', '-/changelog/feed.json', '-/files/a.md', '-/search/all.json', 'a'].sort(),
    );
  });

  it('is taken away when it is switched off', async () => {
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'a', 'b.txt': 'b' });
    const { store, site } = openSite();
    await publish(site, wiki);
    await publish(openSite({ store, settings: { isOn: false } }).site, wiki);
    expect((await objectsOf(store)).size).toBe(0);
    expect(await publish(openSite({ settings: { isOn: false } }).site, wiki)).toEqual({});
  });
});
