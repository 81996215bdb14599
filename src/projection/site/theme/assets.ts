import { createHash } from 'node:crypto';
import { ASSET_TEXTS } from './asset-texts.ts';
import type { SiteAsset } from './site-page.ts';

const { style, icon, mode, chrome, tree, search, reading, absent } = ASSET_TEXTS;

const FILES = {
  'site.css': { contentType: 'text/css; charset=utf-8', text: style },
  'icon.svg': { contentType: 'image/svg+xml', text: icon },
  'mode.js': { contentType: 'text/javascript; charset=utf-8', text: mode },
  // Each part is a block of its own.
  'site.js': {
    contentType: 'text/javascript; charset=utf-8',
    text: ["'use strict';\n", chrome, tree, search, reading, absent].join(''),
  },
} as const;

type AssetName = keyof typeof FILES;

const ASSETS = new Map<string, SiteAsset>(
  Object.entries(FILES).map(([name, { contentType, text }]) => {
    const bytes = Buffer.from(text);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return [name, { url: `-/assets/${name.replace('.', `-${hash}.`)}`, contentType, bytes }];
  }),
);

/** Style sheet, scripts and icon: all that pages load. */
export function siteAssets(): readonly SiteAsset[] {
  return [...ASSETS.values()];
}

export function siteAssetUrl(name: AssetName): string {
  const asset = ASSETS.get(name);
  if (asset === undefined) throw new TypeError(`There is no asset "${name}"`);
  return asset.url;
}
