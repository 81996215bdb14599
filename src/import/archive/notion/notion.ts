import type { ArchiveOptions } from '../archive-options.ts';
import type { Convention, ExtraPage, Notes } from '../convention.ts';
import type { FileList } from '../file-list.ts';
import { referenceOf } from '../link/foreign-path.ts';
import { linesOutsideCode } from '../link/lines-outside-code.ts';
import { LinkWriter } from '../link/link-writer.ts';
import { rewriteText } from '../link/rewrite-text.ts';
import { isPageName } from '../page-name.ts';
import { targetOf } from '../plain.ts';
import { databaseColumns, databaseTable, MAX_TABLE_BYTES } from './database-table.ts';
import { NotionNames, notionName } from './notion-names.ts';
import { propertiesToFrontmatter } from './properties.ts';

const SITE = /^https?:\/\/(?:[\w-]+\.)*notion\.(?:so|site)\/[^?#]*?([0-9a-f]{32})(?=[?#]|$)/;

/**
 * An export of Notion as "Markdown & CSV" (https://www.notion.com/help/export-your-content): names end with 32 hex digits, links are
 * relative and percent-encoded, a database is a CSV file beside the folder of its rows.
 */
export function notionConvention(list: FileList, naming: ArchiveOptions['naming']): Convention {
  const notion = new NotionExport(list, naming);
  return {
    name: 'notion',
    target: file => notion.target(file),
    keeps: path => path.endsWith('.csv'),
    text: (text, file, notes) => notion.text(text, file, notes),
    pageOf: file => notion.databasePage(file),
  };
}

class NotionExport {
  readonly #list: FileList;
  readonly #names: NotionNames;
  readonly #writer: LinkWriter;
  readonly #byId = new Map<string, number>();
  readonly #columns = new Map<number, Promise<ReadonlySet<string>>>();

  constructor(list: FileList, naming: ArchiveOptions['naming']) {
    this.#list = list;
    this.#names = new NotionNames(list.paths);
    this.#writer = new LinkWriter(naming);
    for (const file of list.paths.sorted()) {
      const path = list.paths.at(file);
      const { id, end } = notionName(path.slice(path.lastIndexOf('/') + 1));
      if (id !== undefined && (isPageName(path) || (end.endsWith('.csv') && !this.#byId.has(id))))
        this.#byId.set(id, file);
    }
  }

  target(file: number): string {
    return targetOf(this.#names.clean(this.#list.paths.at(file)));
  }

  async text(text: string, file: number, notes: Notes): Promise<string> {
    const path = this.#list.paths.at(file);
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const above = this.#database(folder);
    const own = above === undefined ? text : propertiesToFrontmatter(text, await this.#columnsOf(above));
    const plain = linesOutsideCode(own, asideToBlock);
    const written = rewriteText(plain, { markdown: destination => this.#link(destination, file) }, notes);
    const database = this.#database(path.slice(0, -'.md'.length));
    const table = database === undefined ? undefined : await this.#table(database, this.target(file));
    return table === undefined ? written : `${written.trimEnd()}\n\n${table}`;
  }

  /** Of the CSV file of a database that has no page of its own. */
  async databasePage(csv: number): Promise<ExtraPage | undefined> {
    const path = this.#list.paths.at(csv);
    const stem = stemOf(path);
    if (stem === undefined || this.#database(stem) !== csv || this.#find(`${stem}.md`) !== undefined)
      return undefined;
    const target = `${stemOf(this.target(csv))}.md`;
    const table = await this.#table(csv, target);
    const title = notionName(stem.slice(stem.lastIndexOf('/') + 1)).stem;
    return { path: target, content: `# ${title}\n\n${table}` };
  }

  async #table(csv: number, page: string): Promise<string> {
    const file = this.#writer.relative(page, this.target(csv)) ?? '';
    const link = `[${file.slice(file.lastIndexOf('/') + 1)}](${file})\n`;
    if (this.#list.size(csv) > MAX_TABLE_BYTES) return link;
    const rows = this.#rowsOf(csv);
    const find = (at: number | undefined) =>
      at === undefined ? undefined : this.#writer.relative(page, this.target(at));
    const table = await databaseTable(await this.#list.read(csv), {
      findRow: title => find(rows.get(titleKey(title)) ?? undefined),
      findReference: destination =>
        find(referenceOf(destination, this.#list.paths.at(csv), this.#list.paths)?.file),
    });
    return table === undefined ? link : `${table}\n${link}`;
  }

  /** Names of its properties. */
  #columnsOf(csv: number): Promise<ReadonlySet<string>> {
    const known = this.#columns.get(csv) ?? firstBytes(this.#list.open(csv)).then(databaseColumns);
    this.#columns.set(csv, known);
    return known;
  }

  /** Pages of the rows by their titles; null where several have one. */
  #rowsOf(csv: number): Map<string, number | null> {
    const { paths } = this.#list;
    const folder = `${stemOf(paths.at(csv))}/`;
    const rows = new Map<string, number | null>();
    for (const file of paths.startingWith(folder)) {
      const path = paths.at(file);
      if (path.includes('/', folder.length) || !isPageName(path)) continue;
      const key = titleKey(notionName(path.slice(folder.length)).stem);
      rows.set(key, rows.has(key) ? null : file);
    }
    return rows;
  }

  #link(destination: string, from: number): string | undefined | null {
    const { paths } = this.#list;
    const id = SITE.exec(destination)?.[1];
    const known = id === undefined ? undefined : this.#byId.get(id);
    const found =
      known === undefined ? referenceOf(destination, paths.at(from), paths) : { file: known, suffix: '' };
    if (found === undefined || found === null) return found;
    const path = this.#writer.relative(this.target(from), this.#shownAs(found.file));
    return path === undefined ? null : path + found.suffix;
  }

  /** A database is a page. */
  #shownAs(file: number): string {
    const path = this.#list.paths.at(file);
    const stem = stemOf(path);
    return stem !== undefined && this.#database(stem) !== undefined
      ? `${stemOf(this.target(file))}.md`
      : this.target(file);
  }

  /** The CSV file with all rows of a database; `stem` is its path without `.csv`. */
  #database(stem: string): number | undefined {
    return (
      this.#find(`${stem}_all.csv`) ?? (/[0-9a-f]{32}$/.test(stem) ? this.#find(`${stem}.csv`) : undefined)
    );
  }

  #find(path: string): number | undefined {
    return this.#list.paths.find(path);
  }
}

/** Undefined: it is no CSV file. */
function stemOf(path: string): string | undefined {
  return path.endsWith('.csv') ? path.replace(/(?:_all)?\.csv$/, '') : undefined;
}

async function firstBytes(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  for await (const piece of content) return Buffer.from(piece);
  return Buffer.alloc(0);
}

/** File names have not all characters of a title, and of a long one not all of it. */
function titleKey(title: string): string {
  return title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 40);
}

/** Notion's callouts. */
function asideToBlock(line: string): string {
  if (line === '<aside>') return '::: info';
  return line === '</aside>' ? ':::' : line;
}
