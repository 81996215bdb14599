import { Parser } from 'htmlparser2';
import { sourceCorrupt } from '../../errors.ts';
import { sourceUnsafe } from '../errors.ts';

/** Gets what an XML file holds, in order. Names come without their prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** No tag, comment or attribute of a workbook is near it. More than one piece of a file that is not compressed. */
const MAX_TOKEN_BYTES = 4 << 20;
/** Workbooks nest some dozen elements; the names of all that are open are held in memory. */
const MAX_DEPTH = 200;

/**
 * Reads XML in constant memory; yields after each chunk, with how many bytes that was. Declarations of types and entities are refused:
 * no workbook has one, and entities can be made to grow, or to read files.
 * @throws KittiwakeError `source_unsafe`, `source_corrupt`
 */
export async function* readXml(
  source: string,
  chunks: AsyncIterable<Uint8Array>,
  handler: XmlHandler,
): AsyncGenerator<number> {
  let sinceEvent = 0;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        sinceEvent = 0;
        depth += 1;
        if (depth > MAX_DEPTH) throw sourceUnsafe(source, `its XML is nested deeper than ${MAX_DEPTH}`);
        handler.open(localName(name), attributes);
      },
      onclosetag: name => {
        depth -= 1;
        handler.close(localName(name));
      },
      ontext: text => {
        sinceEvent = 0;
        handler.text(text);
      },
      onprocessinginstruction: name => {
        if (name.startsWith('!'))
          throw sourceUnsafe(source, 'its XML declares a document type or entities, as no workbook does');
      },
    },
    { xmlMode: true },
  );
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of chunks) {
    sinceEvent += bytes.length;
    if (sinceEvent > MAX_TOKEN_BYTES)
      throw sourceUnsafe(source, `its XML has a tag or comment of more than ${MAX_TOKEN_BYTES} bytes`);
    parser.write(decoded(source, decoder, bytes));
    yield bytes.length;
  }
  // The parser closes what is still open at the end.
  if (depth !== 0) throw sourceCorrupt(source, 'its XML is not finished');
  parser.end();
}

/** Reads a small file of XML to its end. */
export async function readXmlWhole(
  source: string,
  chunks: AsyncIterable<Uint8Array>,
  open: XmlHandler['open'],
): Promise<void> {
  for await (const _ of readXml(source, chunks, { open, close: () => {}, text: () => {} }));
}

/** The value of an attribute, whatever its prefix. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const key = Object.keys(attributes).find(key => localName(key) === name);
  return key === undefined ? undefined : attributes[key];
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decoded(source: string, decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw sourceCorrupt(source, 'its XML is no valid UTF-8', error);
  }
}
