import sanitizeHtml from 'sanitize-html';
import { allowedAttributes, CLASSES, OPAQUE_ELEMENTS, ROLES } from './allow-list.ts';
import { ALLOWED_SCHEMES, linkDestination, pageDestination, sourceDestination } from './destination.ts';
import { renderTooDeep } from './errors.ts';
import { MATH_ELEMENTS } from './math-elements.ts';
import type { PageState } from './page-state.ts';
import type { RenderSettings } from './renderer.ts';

/** Elements within elements. Browsers stop at 512, and the page around it needs some. */
const MAX_DEPTH = 300;
/** First in the list, which is searched from the start for each tag. */
const FREQUENT = ['span', 'p', 'a', 'code', 'li', 'td', 'tr', 'strong', 'em', 'ul', 'pre'];
/** Of raw HTML only: what Markdown makes of formulas has nothing else. Anything else there is read by other rules than ours. */
const IN_FORMULAS: ReadonlySet<string> = new Set(MATH_ELEMENTS);
const ADDRESSES = ['src', 'poster', 'data', 'href'];

/**
 * The last step, and the one that all safety rests on: whatever came before, a page's HTML is written here anew, from what a parser
 * understood of it. Written are only: text, escaped; tags of the allow-list; attributes of the allow-list, in double quotes, escaped.
 * No allowed element holds anything but text and elements, so nothing that is written can be read as something else: not in a browser
 * that nests the tags otherwise, and not when one page is put into another between two tags.
 *
 * Addresses are looked at here too, so that those of raw HTML and of Markdown are treated alike. Those within the wiki become
 * references, whose values `place` escapes. A U+0000 in an attribute can only be the sign of a reference in HTML that an open quote
 * has swallowed: it is removed.
 */
export function createSanitizer(settings: RenderSettings): (html: string, page: PageState) => string {
  const attributes = allowedAttributes(settings.htmlAllowlist);
  const fixed: sanitizeHtml.IOptions & { allowedEmptyAttributes: string[] } = {
    allowedTags: [...new Set([...FREQUENT, ...Object.keys(attributes)])].filter(name => name !== '*'),
    allowedAttributes: attributes,
    allowedClasses: { '*': [...CLASSES] },
    allowedSchemes: ALLOWED_SCHEMES.links,
    allowedSchemesByTag: Object.fromEntries(
      ['img', 'video', 'audio', 'source'].map(tag => [tag, ALLOWED_SCHEMES.sources]),
    ),
    allowedSchemesAppliedToAttributes: ADDRESSES,
    allowedEmptyAttributes: [
      'alt',
      'href',
      'src',
      'checked',
      'disabled',
      'open',
      'controls',
      'reversed',
      'loop',
      'muted',
    ],
    nonBooleanAttributes: [],
    nonTextTags: [...OPAQUE_ELEMENTS],
    parseStyleAttributes: false,
  };
  return (html, page) => sanitizeHtml(html, { ...fixed, ...perPage(page) });
}

function perPage(page: PageState): sanitizeHtml.IOptions {
  let depth = 0;
  let formulas = 0;
  return {
    onOpenTag: (name: string) => {
      depth += 1;
      if (name === 'math') formulas += 1;
      if (depth > MAX_DEPTH) throw renderTooDeep(MAX_DEPTH);
    },
    onCloseTag: (name: string) => {
      depth -= 1;
      if (name === 'math') formulas -= 1;
    },
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName: formulas > 0 && !IN_FORMULAS.has(tagName) ? 'removed-html' : renamed(tagName, attribs),
        attribs: cleaned(tagName, attribs, page),
      }),
    },
  } as sanitizeHtml.IOptions;
}

/** Of all that can be filled in, only the boxes of task lists, which nobody can tick. */
function renamed(tagName: string, attribs: sanitizeHtml.Attributes): string {
  return tagName === 'input' && attribs.type !== 'checkbox' ? 'removed-input' : tagName;
}

function cleaned(
  tagName: string,
  attribs: sanitizeHtml.Attributes,
  page: PageState,
): sanitizeHtml.Attributes {
  const clean: sanitizeHtml.Attributes = {};
  for (const name in attribs) {
    const value = attribs[name] ?? '';
    const text = value.replace(/\0\d+\0|\0/g, '');
    if (name === 'id') setId(clean, text, page);
    else if (name === 'role') setIf(clean, name, text, ROLES.includes(text));
    else if (tagName !== 'a' && ADDRESSES.includes(name)) setSource(clean, name, text, page);
    else setIf(clean, name, text, !['href', 'target', 'rel', 'data-state'].includes(name));
  }
  if (tagName === 'a') setLink(clean, attribs, page);
  if (tagName === 'input') clean.disabled = '';
  return clean;
}

function setIf(clean: sanitizeHtml.Attributes, name: string, value: string, isAllowed: boolean): void {
  if (isAllowed) clean[name] = value;
}

function setId(clean: sanitizeHtml.Attributes, id: string, page: PageState): void {
  if (page.anchors.has(id)) clean.id = page.reference({ kind: 'anchor', anchor: id });
}

function setSource(clean: sanitizeHtml.Attributes, name: string, value: string, page: PageState): void {
  const destination = sourceDestination(value);
  if (destination?.kind === 'elsewhere') clean[name] = destination.url;
  if (destination?.kind === 'here') {
    clean[name] = page.reference({ kind: 'source', target: destination.target });
  }
}

function setLink(
  clean: sanitizeHtml.Attributes,
  { href, 'data-state': state }: sanitizeHtml.Attributes,
  page: PageState,
): void {
  const isWikiLink = state === 'wiki';
  const destination =
    href === undefined ? undefined : isWikiLink ? pageDestination(href) : linkDestination(href);
  if (destination === undefined) return;
  if (destination.kind === 'anchor') {
    clean.href = `#${page.reference({ kind: 'anchor', anchor: destination.anchor })}`;
  } else if (destination.kind === 'elsewhere') {
    clean.href = destination.url;
    if (page.settings.openLinksInNewTab && !/^(?:mailto|tel):/i.test(destination.url)) {
      Object.assign(clean, { class: 'external', target: '_blank', rel: 'noopener' });
    }
  } else {
    const link = { target: destination.target, isWikiLink };
    clean.href = page.reference({ kind: 'link', ...link });
    // The only class that a link to a page has: whether there is one.
    delete clean.class;
    clean['data-state'] = page.reference({ kind: 'state', ...link });
  }
}
