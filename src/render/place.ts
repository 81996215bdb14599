import { escapeHtml } from './escape.ts';
import type { CompiledPage, Place, PlacedPage } from './renderer.ts';

/** Puts a page where it is shown. */
export async function placePage(page: CompiledPage, _place: Place): Promise<PlacedPage> {
  const filled = page.refs.map(ref => ('target' in ref ? escapeHtml(ref.target) : ''));
  const html = page.html.map((part, at) => part + (filled[at] ?? '')).join('');
  return { html, headings: page.headings, needs: page.needs, uses: [] };
}
