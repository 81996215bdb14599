import { ZipFile } from 'yazl';

/** Files of a workbook by name, as ZIP. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const parts: Uint8Array[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

export interface WorkbookOptions {
  /** XML of the rows of each sheet, by its name. */
  sheets: Readonly<Record<string, string>>;
  /** XML of the `si` elements. */
  strings?: string;
  /** XML within `styleSheet`. */
  styles?: string;
  /** XML of `workbookPr`. */
  properties?: string;
  /** Put before everything in the XML of sheets. */
  prolog?: string;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook as Excel lays it out, with as little as must be. */
export async function workbookOf(options: WorkbookOptions): Promise<Buffer> {
  return await zipOf(workbookFiles(options));
}

export function workbookFiles(options: WorkbookOptions): Record<string, string> {
  const { sheets, strings = '', styles = '', properties = '', prolog = '' } = options;
  const names = Object.keys(sheets);
  const listed = names.map((name, n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`);
  const related = [
    ...names.map((_, n) => relation(`rId${n + 1}`, 'worksheet', `worksheets/sheet${n + 1}.xml`)),
    relation('rIdA', 'sharedStrings', '/xl/sharedStrings.xml'),
    relation('rIdB', 'styles', 'styles.xml'),
  ];
  const rows = Object.values(sheets).map((xml, n) => [
    `xl/worksheets/sheet${n + 1}.xml`,
    `${prolog}<worksheet xmlns="${MAIN}"><sheetData>${xml}</sheetData></worksheet>`,
  ]);
  return {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${properties}<sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${related.join('')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${strings}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`,
    ...Object.fromEntries(rows),
  };
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
}
