import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterMap['childNode'];
type Element = DefaultTreeAdapterMap['element'];

const BLOCKS =
  'blockquote|dd|del|details|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul|br|input';

/**
 * HTML as the specification's own comparison takes it: without white space that shows nothing, attributes in order. Left out is what
 * every page of ours has besides: anchors of headings, classes of pictures and boxes, colours of code.
 */
export function canonical(html: string): string {
  const text = parseFragment(html).childNodes.map(written).join('');
  const edge = new RegExp(`\\s*(</?(?:${BLOCKS})(?: [^>]*)?>)\\s*`, 'g');
  const parts = text.split(/(<pre>[\s\S]*?<\/pre>)/);
  return parts
    .map((part, at) => (at % 2 === 0 ? part.replace(/\s+/g, ' ').replace(edge, '$1') : part))
    .join('')
    .trim();
}

function written(node: Node): string {
  if ('value' in node) return node.value.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  if (!('tagName' in node)) return '';
  if (classOf(node) === 'anchor') return '';
  const content = node.childNodes.map(written).join('');
  if (node.tagName === 'span' && classOf(node)?.startsWith('hljs-')) return content;
  const attributes = node.attrs
    .filter(each => isCompared(node, each.name))
    .map(({ name, value }) => ` ${name}="${plain(value)}"`)
    .sort();
  return `<${node.tagName}${attributes.join('')}>${content}</${node.tagName}>`;
}

function plain(value: string): string {
  const encoded = value.replace(/[^\p{ASCII}]+/gu, encodeURIComponent);
  return encoded.replace('hljs ', '').replace(/"/g, '&quot;');
}

function isCompared(node: Element, name: string): boolean {
  if (name === 'id') return !/^h[1-6]$/.test(node.tagName);
  return name !== 'class' || !['img', 'li', 'input'].includes(node.tagName);
}

function classOf(node: Element): string | undefined {
  return node.attrs.find(each => each.name === 'class')?.value;
}
