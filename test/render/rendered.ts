import { createRenderer } from '../../src/render/create-renderer.ts';
import { escapeHtml } from '../../src/render/escape.ts';
import type { Frontmatter } from '../../src/render/frontmatter.ts';
import type { CompiledPage, Reference, RenderSettings } from '../../src/render/renderer.ts';
import { readDocument } from '../../src/wiki/markup/frontmatter.ts';

/** As `PROJECTION_SETTINGS` has them. */
export const SETTINGS: RenderSettings = {
  wikilinkStyle: '',
  retainPageNameCase: false,
  openLinksInNewTab: false,
  htmlAllowlist: new Map(),
  timeoutMs: 2000,
  maxBytes: 1024 ** 2,
};

export function rendererOf(settings: Partial<RenderSettings> = {}) {
  return createRenderer({ ...SETTINGS, ...settings }, source => readDocument(source) as Frontmatter);
}

export function compiled(source: string, settings: Partial<RenderSettings> = {}): Promise<CompiledPage> {
  return rendererOf(settings).compile(source);
}

/** The HTML of a page, with what its references say put in as it is written. */
export async function html(source: string, settings: Partial<RenderSettings> = {}): Promise<string> {
  return joined(await compiled(source, settings));
}

export function joined(page: CompiledPage): string {
  return page.html.map((part, at) => part + written(page.refs[at])).join('');
}

function written(ref: Reference | undefined): string {
  if (ref === undefined || ref.kind === 'state') return '';
  if (ref.kind === 'embed') return `<p>${escapeHtml(ref.name)}</p>`;
  return escapeHtml(ref.kind === 'anchor' ? ref.anchor : ref.target);
}
