import { attachedTable, tableFile } from './embed/data-table.ts';
import { type Inclusion, include, refused } from './embed/include.ts';
import { attachmentList, ownFolder, pageIndex } from './embed/lists.ts';
import { Placing } from './embed/placing.ts';
import { escapeHtml } from './escape.ts';
import type { CompiledPage, Place, PlacedPage, Reference, Resolved } from './renderer.ts';
import { slug } from './slug.ts';

type Embed = Extract<Reference, { kind: 'embed' }>;

/**
 * Puts a page where it is shown. What is inserted is either HTML of another page that was compiled, or text and addresses that
 * are escaped here; addresses come from the place, or are those of the page that name neither scheme nor host.
 */
export async function placePage(page: CompiledPage, place: Place): Promise<PlacedPage> {
  const placing = new Placing();
  for (const need of page.needs) placing.needs.add(need);
  const html = await fill({ page, place, stack: [place.file], prefix: '' }, placing);
  return {
    html,
    headings: page.headings,
    needs: [...placing.needs].sort(),
    uses: [...placing.uses].sort(),
  };
}

async function fill(inclusion: Inclusion, placing: Placing): Promise<string> {
  const { page } = inclusion;
  const links = await resolved(inclusion);
  let html = page.html[0] ?? '';
  for (const [at, ref] of page.refs.entries()) {
    html += ref.kind === 'embed' ? await draw(ref, inclusion, placing) : written(ref, inclusion, links);
    html += page.html[at + 1] ?? '';
  }
  return html;
}

/** All targets of a page at once, each asked for once. */
async function resolved({ page, place }: Inclusion): Promise<Map<string, Resolved | undefined>> {
  const asked = new Map<string, Promise<Resolved | undefined>>();
  for (const ref of page.refs) {
    const key = keyOf(ref);
    if ('target' in ref && !asked.has(key)) asked.set(key, place.resolve(ref.target, isWikiLink(ref)));
  }
  const answers = await Promise.all([...asked].map(async ([key, answer]) => [key, await answer] as const));
  return new Map(answers);
}

function keyOf(ref: Reference): string {
  return 'target' in ref ? `${isWikiLink(ref) ? 'w' : 'm'}${ref.target}` : '';
}

function isWikiLink(ref: Reference): boolean {
  return 'isWikiLink' in ref && ref.isWikiLink;
}

function written(
  ref: Exclude<Reference, Embed>,
  { place, prefix }: Inclusion,
  links: ReadonlyMap<string, Resolved | undefined>,
): string {
  if (ref.kind === 'anchor') return escapeHtml(prefix + ref.anchor);
  const found = links.get(keyOf(ref));
  if (ref.kind === 'state') return found?.exists === false ? ' class="missing"' : '';
  if (found === undefined) return escapeHtml(ref.target);
  const { file, anchor, isPage } = found;
  if (!isPage) return escapeHtml(place.fileUrl(file));
  // A wiki link names a heading as a reader sees it.
  return escapeHtml(place.pageUrl(file, anchor !== '' && isWikiLink(ref) ? slug(anchor) : anchor));
}

async function draw(ref: Embed, inclusion: Inclusion, placing: Placing): Promise<string> {
  const { name, options, args } = ref;
  const refusal = placing.beginEmbed();
  if (refusal !== undefined) return refused(name, refusal);
  if (name === 'include') {
    const { place, stack } = inclusion;
    const found = await include(options.src ?? args[0] ?? '', place, stack, placing);
    return typeof found === 'string' ? found : await fill(found, placing);
  }
  const html = await listing(ref, inclusion, placing);
  const problem = placing.refusalOf(html);
  return problem === undefined ? html : refused(name, problem);
}

async function listing({ name, options }: Embed, { place }: Inclusion, placing: Placing): Promise<string> {
  const folder = `${ownFolder(place)}/`;
  switch (name) {
    case 'attachment-list':
      placing.uses.add(folder);
      return await attachmentList(options, place);
    case 'page-index':
      placing.uses.add(folder);
      return await pageIndex(options, place);
    case 'data-table': {
      const file = await tableFile(options, place);
      if (file !== undefined) placing.uses.add(file);
      return await attachedTable(options, file, place);
    }
    default:
      return refused(name, 'it is not known');
  }
}
