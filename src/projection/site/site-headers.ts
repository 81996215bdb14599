import type { HttpHeaders } from '../../storage/byte-store.ts';
import { mimeType } from '../../wiki/name/attachment-name.ts';
import { siteUrl } from './site-key.ts';

/** How long browsers and caches may show what has changed since, in seconds. */
export const MAX_AGE_SECONDS = 60;

const SHORT = `public, max-age=${MAX_AGE_SECONDS}`;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Pages as they are stored. */
const SOURCE = /\.md$/;

/** What of attachments a browser shows and never runs. All others are saved. */
const SHOWN =
  /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain|application\/pdf)$/;

const MADE: Readonly<Record<string, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
  xml: 'application/xml; charset=utf-8',
};

const HTML = 'text/html; charset=utf-8';
const JSON_FEED = 'application/feed+json; charset=utf-8';

/** What an object of the site is sent with: a function of its key below `site/<uuid>/` alone. */
export function siteHeaders(key: string): HttpHeaders {
  const url = siteUrl(key) ?? '';
  if (key.startsWith('p/')) return { 'content-type': HTML, 'cache-control': SHORT };
  if (/^-\/(?:files|large)\//.test(url)) return attachmentHeaders(url);
  return {
    'content-type': url === '-/changelog/feed.json' ? JSON_FEED : (MADE[extensionOf(url)] ?? HTML),
    'cache-control': url.startsWith('-/assets/') ? FOR_EVER : SHORT,
  };
}

function attachmentHeaders(url: string): HttpHeaders {
  const cacheControl = url.startsWith('-/large/') ? FOR_EVER : SHORT;
  const type = SOURCE.test(url) ? 'text/plain' : mimeType(url.slice(url.lastIndexOf('/') + 1).toLowerCase());
  const isShown = SHOWN.test(type);
  const contentType = type === 'text/plain' ? 'text/plain; charset=utf-8' : type;
  return {
    'content-type': isShown ? contentType : 'application/octet-stream',
    'cache-control': cacheControl,
    'content-disposition': isShown ? 'inline' : 'attachment',
  };
}

function extensionOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
}
