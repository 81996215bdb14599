import { html } from './html.ts';
import { addressOf } from './relative-url.ts';
import type { SiteFeed } from './site-page.ts';

/** RFC 4287. Without the site's address links are relative to the feed. */
export function renderAtomFeed({ site, id, url, otherUrl, entries }: SiteFeed): string {
  const at = (target: string) => addressOf(site, url, target);
  const items = entries.map(
    entry => html`<entry>
<id>${entry.id}</id>
<title>${entry.title}</title>
<link href="${at(entry.url)}"/>
<updated>${isoTime(entry.seconds)}</updated>
<author><name>${entry.author || 'Anonymous'}</name></author>
<summary>${entry.summary}</summary>
</entry>
`,
  );
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${site.lang}">
<id>${id}</id>
<title>${site.name}</title>
${site.description !== '' && html`<subtitle>${site.description}</subtitle>\n`}\
<updated>${isoTime(entries[0]?.seconds ?? 0)}</updated>
<link rel="self" type="application/atom+xml" href="${at(url)}"/>
<link rel="alternate" type="text/html" href="${at('')}"/>
<link rel="alternate" type="application/feed+json" href="${at(otherUrl)}"/>
${items}</feed>
`.text;
}

/** JSON Feed 1.1 (jsonfeed.org). */
export function renderJsonFeed({ site, url, entries }: SiteFeed): string {
  const at = (target: string) => addressOf(site, url, target);
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: site.name,
    ...(site.description === '' ? {} : { description: site.description }),
    language: site.lang,
    home_page_url: at(''),
    feed_url: at(url),
    items: entries.map(entry => ({
      id: entry.id,
      url: at(entry.url),
      title: entry.title,
      content_text: entry.summary,
      date_published: isoTime(entry.seconds),
      authors: [{ name: entry.author || 'Anonymous' }],
    })),
  };
  return `${JSON.stringify(feed, undefined, 1)}\n`;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
