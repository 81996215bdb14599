import { MATH_ATTRIBUTES, MATH_ELEMENTS } from './math-elements.ts';

const FORMULAS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  MATH_ELEMENTS.map(name => [name, MATH_ATTRIBUTES]),
);

/** Elements that a page may hold, with the attributes that they have besides {@link EVERYWHERE}. */
export const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  ...none(
    'abbr b bdi bdo big blockquote br caption center cite code dd dfn div dl dt em figcaption figure h1 h2 h3',
  ),
  ...none('h4 h5 h6 hr i kbd mark p picture pre q rp rt ruby s samp section small span strike strong sub'),
  ...none('summary sup table tbody tfoot thead tt u var wbr'),
  // `data-state` is a reference of ours; the sanitiser takes it from everybody else.
  a: ['href', 'target', 'rel', 'data-state'],
  audio: ['src', 'controls', 'loop', 'muted', 'preload'],
  col: ['align', 'span'],
  colgroup: ['align', 'span'],
  del: ['datetime'],
  details: ['open'],
  img: ['src', 'alt', 'width', 'height', 'loading'],
  input: ['type', 'checked', 'disabled'],
  ins: ['datetime'],
  li: ['value'],
  ol: ['start', 'reversed', 'type'],
  source: ['src', 'type'],
  td: ['align', 'valign', 'colspan', 'rowspan'],
  th: ['align', 'valign', 'colspan', 'rowspan', 'scope'],
  time: ['datetime'],
  tr: ['align', 'valign'],
  ul: ['type'],
  video: ['src', 'controls', 'loop', 'muted', 'preload', 'poster', 'width', 'height'],
  ...FORMULAS,
};

/** `id` only of anchors that the page itself makes. */
export const EVERYWHERE = [
  'aria-hidden',
  'aria-label',
  'class',
  'dir',
  'id',
  'lang',
  'role',
  'title',
] as const;

/** Values of `role`. */
export const ROLES: readonly string[] = ['alert', 'group', 'img', 'math', 'note', 'presentation'];

/** Classes that Markdown makes, so that raw HTML may have them too; the theme gives each a look that covers nothing else. */
export const CLASSES: readonly (string | RegExp)[] = [
  /^(?:alert|quote-alert|spoiler|collapse|hljs|infobox|embed|math|tml|text|table|footnote|task-list-item|kw)(?:-[\w-]{1,64})?$/,
  /^language-\S{1,64}$/,
  /^(?:title|function|class|variable|built_in|constant|inherited|invoke)_$/,
  ...'anchor caption diagram external figure footnotes frontmatter'.split(' '),
  ...'img-fluid line-numbers mb-20 mermaid missing numbered-code page-index unknown'.split(' '),
];

/** Nothing in the settings allows these: what stands in them is not read as HTML, or they change the page around them. */
export const NEVER_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'annotation-xml applet base body button embed foreignobject form frame frameset head html iframe link mglyph ' +
    'malignmark meta noembed noframes noscript object option param plaintext script select style svg template ' +
    'textarea title xmp'
  ).split(' '),
);

/** Nor these: they run something, lead somewhere without being looked at, or take the place of what the theme has. */
export function isNeverAttribute(name: string): boolean {
  return (
    /^on|^xml|:|^form.|^data-state$/.test(name) ||
    [
      'action',
      'background',
      'http-equiv',
      'id',
      'manifest',
      'name',
      'ping',
      'rel',
      'srcdoc',
      'style',
      'target',
    ].includes(name)
  );
}

/** Elements whose content is not read as HTML: their tags are shown, as in GFM, so that one that is left open hides nothing. */
export const OPAQUE_ELEMENTS: readonly string[] =
  'iframe noembed noframes noscript option plaintext script select style template textarea title xmp'.split(
    ' ',
  );

/** The allow-list with what the operator adds (`RENDERER_HTML_ALLOWLIST`). */
export function allowedAttributes(added: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  const allowed = Object.fromEntries(Object.entries(ELEMENTS).map(([name, own]) => [name, [...own]]));
  for (const [name, attributes] of added) {
    if (NEVER_ELEMENTS.has(name) || name in FORMULAS) continue;
    const own = attributes.filter(each => !isNeverAttribute(each));
    allowed[name] = [...(allowed[name] ?? []), ...own];
  }
  return { ...allowed, '*': [...EVERYWHERE] };
}

function none(names: string): Record<string, readonly string[]> {
  return Object.fromEntries(names.split(' ').map(name => [name, []]));
}
