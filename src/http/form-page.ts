import type { HttpResponse } from './message.ts';

/** A page for people who follow a link in a mail; without scripts. */
export interface FormPage {
  title: string;
  text: string;
  /** What was wrong with what was sent. */
  problem?: string;
  /** Sent to the address of the page itself. */
  form?: { button: string; fields: readonly FormField[] };
}

export type FormField =
  | { name: string; type: 'hidden'; value: string }
  | { name: string; type: 'password'; label: string };

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}label,input,button{display:block;font:inherit;margin:.5rem 0;padding:.3rem .6rem}label{padding-left:0}[role=alert]{font-weight:600}';

/** Nothing runs, nothing is loaded, nobody frames it; forms go to where it came from. */
const CONTENT_SECURITY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function formPage(status: number, page: FormPage): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': CONTENT_SECURITY,
    },
    body: htmlOf(page),
  };
}

function htmlOf({ title, text, problem, form }: FormPage): string {
  const alert = problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`;
  const fields = form?.fields.map(fieldHtml).join('') ?? '';
  const asked = form && `<form method="post">${fields}<button>${escaped(form.button)}</button></form>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style>
<main><h1>${escaped(title)}</h1>${alert}<p>${escaped(text)}</p>${asked ?? ''}</main></html>
`;
}

function fieldHtml(field: FormField): string {
  const name = escaped(field.name);
  if (field.type === 'hidden') return `<input type="hidden" name="${name}" value="${escaped(field.value)}">`;
  const limits = 'minlength="8" maxlength="1024" required autocomplete="new-password"';
  return `<label for="${name}">${escaped(field.label)}</label><input id="${name}" type="password" name="${name}" ${limits}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
