import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeReport } from '../../../src/projection/report/make-report.ts';
import { storedLinks } from '../../../src/projection/report/stored-links.ts';
import { DEFAULT_SETTINGS } from '../../../src/wiki/settings.ts';
import { commitFiles } from '../../support/repository.ts';
import { newWiki, openIndex } from '../search-support.ts';

const path = fc.constantFrom('a', 'b', 'home', 'docs', 'docs/a', 'docs/c', 'docs/c/d');
const link = fc.record({
  to: fc.constantFrom('a', 'b', 'docs', 'docs/a', 'docs/c/d', 'no', 'docs/no'),
  isWiki: fc.boolean(),
});
const pages = fc.uniqueArray(fc.record({ path, links: fc.array(link, { maxLength: 4 }) }), {
  minLength: 1,
  selector: page => page.path,
});

const written = ({ to, isWiki }: { to: string; isWiki: boolean }) => (isWiki ? `[[${to}]]` : `[x](/${to})`);

it('reports equal the plain definitions, of what may be read alone', async () => {
  const cases = fc.record({ pages, hidden: fc.uniqueArray(path, { maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(cases, async ({ pages, hidden }) => {
      const wiki = await newWiki();
      const index = openIndex({
        pageText: (file, bytes) => {
          const body = bytes.toString('utf8');
          return { name: file, body, links: storedLinks(file, body, DEFAULT_SETTINGS) };
        },
      });
      await commitFiles(wiki, Object.fromEntries(pages.map(page => [`${page.path}.md`, 'before [[home]]'])));
      await index.catchUp(await wiki.view());
      const files = pages.map(page => [`${page.path}.md`, `${page.links.map(written).join(' ')}\n`]);
      await commitFiles(wiki, Object.fromEntries(files));

      const readable = pages.filter(page => !hidden.includes(page.path));
      const there = new Set<string>(readable.map(page => page.path));
      const view = await wiki.view();
      const report = async (name: Parameters<typeof makeReport>[2]) => {
        const options = {
          displayPath: (file: string) => file.replace(/\.md$/, ''),
          readable: () => (file: string) => !hidden.some(each => `${each}.md` === file),
        };
        return (await makeReport(index, view, name, options)).items;
      };

      const linked = new Set(
        readable.flatMap(page =>
          page.links.filter(({ to }) => to !== page.path).map(({ to }) => to as string),
        ),
      );
      const orphaned = readable.filter(page => !linked.has(page.path) && page.path !== 'home');
      expect((await report('orphaned')).map(item => item.path)).toEqual(
        orphaned.map(page => page.path).sort(),
      );

      const broken = readable.flatMap(page => {
        const links = new Set(page.links.filter(({ to }) => !there.has(to)).map(written));
        return links.size === 0
          ? []
          : [[page.path, [...links].map(each => each.replace(/^\[x\]\((.*)\)$/, '$1')).sort()]];
      });
      const found = (await report('broken-links')).flatMap(item =>
        'total' in item ? [[item.path, item.links.map(each => each.link).sort()]] : [],
      );
      expect(found).toEqual(broken.sort());

      const wanted = new Map<string, number>();
      for (const page of readable)
        for (const to of new Set(page.links.map(each => each.to)))
          if (!there.has(to)) wanted.set(to, (wanted.get(to) ?? 0) + 1);
      const expected = [...wanted].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
      expect((await report('wanted')).map(item => [item.path, 'links' in item && item.links])).toEqual(
        expected,
      );
      await index.close();
    }),
    { numRuns: 40 },
  );
});
