import { type Html, html } from './html.ts';

const icon = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">${paths}</svg>`;

export const MENU_ICON = icon(html`<path d="M4 7h16M4 12h16M4 17h16"/>`);
export const MODE_ICON = icon(
  html`<circle cx="12" cy="12" r="8.5"/><path class="filled" d="M12 3.5a8.5 8.5 0 0 1 0 17z"/>`,
);
export const BRAND_ICON = icon(
  html`<path d="M2 9c4-3 7-1 10 3 3-4 6-6 10-3"/><path d="M9 13c1.5 2.5 4.500 2.5 6 0"/>`,
);
