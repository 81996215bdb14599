import { sourceCorrupt, sourceUnsupported } from '../../errors.ts';
import { type TimeFormat, timeFormat } from './number-formats.ts';
import { attribute, readXmlWhole } from './read-xml.ts';
import type { ZippedDocument } from './zip-file.ts';

/** What is known of a workbook before its cells (ECMA-376, part 1, 18.2, 18.8). */
export interface Workbook {
  /** Name of the file of the chosen sheet in the document. */
  sheetFile: string;
  /** Of the shared strings, if there are any. */
  stringsFile: string | undefined;
  /** Days are counted from 1904, not from 1900. */
  isFrom1904: boolean;
  /** By number of style: what its numbers are shown as. */
  timeStyles: readonly TimeFormat[];
}

const WORKBOOK = 'xl/workbook.xml';

/**
 * @param sheet its name; undefined: the first
 * @throws KittiwakeError `source_unsupported` naming the sheets that there are, `source_corrupt`, `source_unsafe`
 */
export async function readWorkbook(
  source: string,
  document: ZippedDocument,
  sheet: string | undefined,
): Promise<Workbook> {
  const relations = await readRelations(source, document);
  const sheets: { name: string; file: string }[] = [];
  let isFrom1904 = false;
  await readXmlWhole(source, document.read(WORKBOOK), (name, attributes) => {
    if (name === 'workbookPr') isFrom1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '');
    const found = name === 'sheet' ? relations.get(attribute(attributes, 'id') ?? '') : undefined;
    if (found?.type === 'worksheet') sheets.push({ name: attributes.name ?? '', file: found.file });
  });
  const chosen = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (chosen === undefined)
    throw noSheet(
      source,
      sheet,
      sheets.map(({ name }) => name),
    );
  const files = [...relations.values()];
  const fileOf = (type: string) => files.find(relation => relation.type === type)?.file;
  const timeStyles = await readTimeStyles(source, document, fileOf('styles'));
  return { sheetFile: chosen.file, stringsFile: fileOf('sharedStrings'), isFrom1904, timeStyles };
}

function noSheet(source: string, sheet: string | undefined, names: readonly string[]): Error {
  if (sheet === undefined) return sourceCorrupt(source, 'it has no sheet');
  const known = names.slice(0, 20).map(name => JSON.stringify(name));
  return sourceUnsupported(source, `it has no sheet ${JSON.stringify(sheet)}; it has ${known.join(', ')}`);
}

/** By id: the file, and the last word of the type, which is the same in both variants of the standard. */
async function readRelations(
  source: string,
  document: ZippedDocument,
): Promise<Map<string, { type: string; file: string }>> {
  const relations = new Map<string, { type: string; file: string }>();
  await readXmlWhole(source, document.read('xl/_rels/workbook.xml.rels'), (name, attributes) => {
    const { Id: id = '', Type: type = '', Target: target = '' } = attributes;
    if (name !== 'Relationship' || attributes.TargetMode === 'External') return;
    const file = new URL(target, `zip:///${WORKBOOK}`).pathname.slice(1);
    relations.set(id, { type: type.slice(type.lastIndexOf('/') + 1), file: decodeURIComponent(file) });
  });
  return relations;
}

async function readTimeStyles(
  source: string,
  document: ZippedDocument,
  file: string | undefined,
): Promise<TimeFormat[]> {
  const formats = new Map<number, string>();
  const timeStyles: TimeFormat[] = [];
  if (file === undefined || document.size(file) === undefined) return timeStyles;
  let isCell = false;
  await readXmlWhole(source, document.read(file), (name, attributes) => {
    if (name === 'numFmt') formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
    // Those of named styles come before, those of differences behind.
    else if (name === 'cellXfs') isCell = true;
    else if (name === 'cellStyles') isCell = false;
    else if (name === 'xf' && isCell) {
      const id = Number(attributes.numFmtId ?? 0);
      timeStyles.push(timeFormat(id, formats.get(id)));
    }
  });
  return timeStyles;
}
