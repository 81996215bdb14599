const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** An element around what is XML already. */
export function element(name: string, content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`;
}

/** An element around text, which is escaped. */
export function textElement(name: string, text: string | number | boolean): string {
  return element(name, [escapeXml(String(text))]);
}

/** A whole answer: the declaration and the root element. */
export function xmlDocument(root: string, content: readonly string[], namespace = NAMESPACE): Buffer {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content.join('')}</${root}>`,
  );
}

/** The contents of all elements of this name, in order, as XML. They must not nest. */
export function elementsOf(xml: string, name: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>(.*?)</${name}>`, 'gs')),
    ([, content = '']) => content,
  );
}

/** The text of the first element of this name. */
export function textOf(xml: string, name: string): string | undefined {
  const [content] = elementsOf(xml, name);
  return content === undefined ? undefined : unescapeXml(content);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, char => ESCAPES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMES[name] ?? whole;
  });
}
