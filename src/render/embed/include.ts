import { escapeHtml } from '../escape.ts';
import type { CompiledPage, Place } from '../renderer.ts';
import type { Placing } from './placing.ts';

/** A page that stands in another one. */
export interface Inclusion {
  page: CompiledPage;
  place: Place;
  /** Files of the pages around it, the outermost first, and its own. */
  stack: readonly string[];
  /** Of its anchors. */
  prefix: string;
}

/** What a target of an embedding leads to: a page to be put in, or HTML. */
export async function include(
  target: string,
  place: Place,
  stack: readonly string[],
  placing: Placing,
): Promise<Inclusion | string> {
  const hash = target.indexOf('#');
  const section = hash < 0 ? '' : target.slice(hash + 1).trim();
  const resolved = await place.resolve(target, true);
  if (resolved === undefined) return refused(target, 'there is no such page');
  const { file, isPage, exists } = resolved;
  placing.uses.add(file);
  if (!isPage) return exists ? attached(file, place) : refused(target, 'there is no such file');
  const page = exists ? await place.page(file, section === '' ? undefined : section) : undefined;
  if (page === undefined) return refused(target, `there is no such ${section === '' ? 'page' : 'section'}`);
  const refusal = placing.refusal(file, stack, page);
  if (refusal !== undefined) return refused(target, refusal);
  for (const need of page.needs) placing.needs.add(need);
  return { page, place: place.at(file), stack: [...stack, file], prefix: placing.nextPrefix() };
}

export function refused(target: string, reason: string): string {
  return `<p class="text-danger">Not embedded: <code>${escapeHtml(target)}</code>, ${reason}</p>`;
}

function attached(file: string, place: Place): string {
  const name = escapeHtml(file.slice(file.lastIndexOf('/') + 1));
  const url = escapeHtml(place.fileUrl(file));
  return /\.(?:png|jpe?g|gif|webp|avif|svg)$/i.test(file)
    ? `<p><img class="img-fluid" src="${url}" alt="${name}"></p>`
    : `<p><a href="${url}">${name}</a></p>`;
}
