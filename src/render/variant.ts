import { createHash } from 'node:crypto';
import type { RenderSettings } from './renderer.ts';

/** To be raised with every change after which a text may come out otherwise. */
const VERSION = 1;

/** `Renderer.variant` of these settings. Limits are left out: what is within them comes out the same. */
export function variantOf(settings: RenderSettings): string {
  const parts = [
    VERSION,
    settings.wikilinkStyle,
    settings.retainPageNameCase,
    settings.openLinksInNewTab,
    [...settings.htmlAllowlist].sort(([a], [b]) => (a < b ? -1 : 1)),
    settings.hooks?.variant ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
