import { isKittiwakeError } from '../../core/errors.ts';
import type { CompiledPage } from '../../render/renderer.ts';
import { readDocument } from '../../wiki/markup/frontmatter.ts';
import { findSection } from '../../wiki/markup/sections.ts';
import type { RenderedPages } from './rendered-pages.ts';

/**
 * A page as others embed it: without its frontmatter; or one of its sections. Undefined: it has no such section, or several.
 * @param blob its id and its text
 */
export async function includedPage(
  blob: { oid: string; text: string },
  section: string | undefined,
  { compile }: Pick<RenderedPages, 'compile'>,
): Promise<CompiledPage | undefined> {
  const { body } = await readDocument(blob.text);
  if (section === undefined) return await compile(body === blob.text ? blob.oid : `${blob.oid} body`, body);
  const text = sectionOf(body, section);
  return text === undefined ? undefined : await compile(`${blob.oid} section ${section}`, text);
}

function sectionOf(body: string, query: string): string | undefined {
  try {
    const { start, end } = findSection(body, query);
    return body.slice(start, end);
  } catch (error) {
    if (isKittiwakeError(error)) return undefined;
    throw error;
  }
}
