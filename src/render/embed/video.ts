import { escapeHtml } from '../escape.ts';
import { fromPage } from './boxes.ts';
import type { EmbeddingToken } from './embedding-token.ts';

const TYPES: Readonly<Record<string, string>> = { mp4: 'video/mp4', ogg: 'video/ogg', webm: 'video/webm' };

/**
 * Videos of the wiki are played in the page. Those of other sites are links: a page of the site asks no other server for anything
 * before a reader wants it.
 */
export function video(token: EmbeddingToken): string {
  const sources = [token.values.src ?? '', ...token.body.split('\n')]
    .map(source => source.trim())
    .filter(Boolean);
  const own = sources.filter(source => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(source));
  const links = sources.filter(source => !own.includes(source)).map(linkTo);
  if (sources.length === 0) return '<p class="text-danger">Video: no source is given</p>\n';
  return (own.length === 0 ? '' : player(token, own)) + links.join('');
}

function player({ values }: EmbeddingToken, sources: readonly string[]): string {
  const width = /^\d{1,4}%?$/.exec(values.width ?? '100%')?.[0] ?? '100%';
  const flags = [
    isOn(values.controls, true) ? ' controls' : '',
    isOn(values.muted, true) ? ' muted' : '',
    isOn(values.loop, true) ? ' loop' : '',
  ];
  return `<video width="${width}" preload="metadata"${flags.join('')}>\n${sources.map(sourceOf).join('')}</video>\n`;
}

function sourceOf(source: string): string {
  const type = TYPES[source.slice(source.lastIndexOf('.') + 1).toLowerCase()];
  return `<source src="${escapeHtml(fromPage(source))}"${type === undefined ? '' : ` type="${type}"`}>\n`;
}

function linkTo(url: string): string {
  const shown = escapeHtml(url);
  return `<p class="embed-video"><a href="${shown}">${shown}</a></p>\n`;
}

function isOn(value: string | undefined, byDefault: boolean): boolean {
  return value === undefined ? byDefault : ['true', 'yes', 'on', '1', 'y'].includes(value.toLowerCase());
}
