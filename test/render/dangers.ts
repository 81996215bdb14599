import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import { ELEMENTS, EVERYWHERE, isNeverAttribute, NEVER_ELEMENTS } from '../../src/render/allow-list.ts';

type Node = DefaultTreeAdapterMap['childNode'];
type Element = DefaultTreeAdapterMap['element'];

const BASE = 'https://wiki.example.org/docs/';
const LINKS = /^(?:https?|mailto|tel|ftp|xmpp|ircs?|geo|news|magnet):$/;
/** Ours alone: nobody else's pass, see the anchors below. */
const OURS = ['id', 'rel', 'target'];
const FORMULA = new Set(['math', 'mtext', 'mi', 'mo', 'mn', 'ms']);

/**
 * What in HTML, as a browser's parser reads it, is not on the allow-list. Knows nothing of the sanitiser.
 * @param anchors the ids that the page may have
 */
export function dangersIn(html: string, anchors: ReadonlySet<string>): string[] {
  const dangers: string[] = [];
  const visit = (node: Node): void => {
    if (node.nodeName === '#comment') dangers.push('a comment');
    if (!('tagName' in node)) return;
    dangers.push(...elementDangers(node, anchors));
    for (const child of node.childNodes) visit(child);
  };
  for (const node of parseFragment(html).childNodes) visit(node);
  return dangers;
}

function elementDangers(element: Element, anchors: ReadonlySet<string>): string[] {
  const { tagName, attrs, namespaceURI } = element;
  const own = ELEMENTS[tagName];
  if (own === undefined) return [`<${tagName}>`];
  const dangers = attrs.flatMap(({ name, value }) => attributeDangers(tagName, { name, value }, anchors));
  if (NEVER_ELEMENTS.has(tagName)) dangers.push(`never <${tagName}>`);
  if (!/\/(?:xhtml|MathML)$/.test(namespaceURI)) dangers.push(`<${tagName}> of ${namespaceURI}`);
  if (
    namespaceURI.endsWith('MathML') &&
    !FORMULA.has(tagName) &&
    !tagName.startsWith('m') &&
    tagName !== 'none'
  )
    dangers.push(`<${tagName}> in a formula`);
  return dangers;
}

function attributeDangers(
  tagName: string,
  { name, value }: { name: string; value: string },
  anchors: ReadonlySet<string>,
): string[] {
  const said = `<${tagName} ${name}=${JSON.stringify(value)}>`;
  const allowed = [...(ELEMENTS[tagName] ?? []), ...EVERYWHERE] as string[];
  if (!allowed.includes(name)) return [said];
  if (name === 'id') return anchors.has(value) ? [] : [said];
  if (isNeverAttribute(name) && !OURS.includes(name)) return [said];
  if (name === 'href') return LINKS.test(protocolOf(value)) ? [] : [said];
  if (['src', 'poster'].includes(name))
    return /^https?:$/.test(protocolOf(value)) || /^data:image\/(?:png|jpeg|gif|webp);base64,/i.test(value)
      ? []
      : [said];
  return value.includes('\0') ? [said] : [];
}

function protocolOf(value: string): string {
  return URL.parse(value, BASE)?.protocol ?? 'https:';
}
