import { readFileSync } from 'node:fs';

const textOf = (name: string): string => readFileSync(new URL(`./client/${name}`, import.meta.url), 'utf8');

/** What browsers load, as it lies in `client`. Bundles hold the texts themselves: see infra/functions/texts-in-bundle.ts. */
export const ASSET_TEXTS = {
  style: ['base', 'bar', 'columns', 'around', 'content', 'boxes', 'print']
    .map(name => textOf(`${name}.css`))
    .join(''),
  icon: textOf('icon.svg'),
  mode: textOf('mode.js'),
  chrome: textOf('chrome.js'),
  tree: textOf('tree.js'),
  search: textOf('search.js'),
  reading: textOf('reading.js'),
  absent: textOf('absent.js'),
};
