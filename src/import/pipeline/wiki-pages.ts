import type { View } from '../../git/repository.ts';
import { isRegular } from '../../wiki/change/file-mode.ts';
import { titleOf } from '../../wiki/markup/describe.ts';
import { readDocument } from '../../wiki/markup/frontmatter.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import { displayName, isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import type { Cell, Row, RowFailure } from '../row.ts';
import type { ReadingRange, RowChunk, RowSource } from '../source.ts';
import type { WikiColumn } from './pipeline.ts';

export interface WikiPagesOptions {
  /** Of which only what the caller may read is seen. */
  readonly view: View;
  /** The commit whose pages they are; undefined: there are none. */
  readonly commit: string | undefined;
  readonly retainPageNameCase: boolean;
  /** Those that need no text are much cheaper: `path`, `revision`. */
  readonly columns: readonly WikiColumn[];
}

/** Pages that are read at once. */
const GROUP = 32;

/**
 * The pages of a wiki as rows, in the order of their paths: `path` as the API takes it (`docs/intro`), `title`, `content` with its
 * frontmatter, `revision` (the newest commit that touched it), `frontmatter`. Files that are no UTF-8 are failures.
 */
export function wikiPages(name: string, options: WikiPagesOptions): RowSource {
  return { name, bytesTotal: 0, rows: range => chunks(name, options, range) };
}

interface PageFile {
  readonly path: string;
  readonly oid: string;
}

async function* chunks(
  name: string,
  options: WikiPagesOptions,
  { from = 0, to, signal }: ReadingRange = {},
): AsyncGenerator<RowChunk> {
  const { view, commit } = options;
  if (commit === undefined) return;
  const tree = await view.at(commit);
  const pages = (await tree.files('')).filter(({ path, mode }) => isPageFile(path) && isRegular(mode));
  const end = Math.min(pages.length, to === undefined ? pages.length : Number(to));
  const base = await view.commit(commit);
  for (let start = Number(from); start < end; start += GROUP) {
    signal?.throwIfAborted();
    const group = pages.slice(start, Math.min(end, start + GROUP));
    const read = await Promise.all(
      group.map((page, index) => readPage(page, start + index + 1, name, options, base?.ordinal ?? -1)),
    );
    yield {
      rows: read.flatMap(one => ('values' in one ? [one] : [])),
      failures: read.flatMap(one => ('code' in one ? [one] : [])),
      position: start + group.length,
      bytesRead: 0,
    };
  }
}

async function readPage(
  { path, oid }: PageFile,
  row: number,
  source: string,
  { view, columns, retainPageNameCase }: WikiPagesOptions,
  ordinal: number,
): Promise<Row | RowFailure> {
  const origins = [{ source, row }];
  const values: Record<string, Cell> = {};
  const needsText = columns.some(column => column !== 'path' && column !== 'revision');
  const content = needsText ? decodeText(await view.blob(oid)) : '';
  if (content === undefined) {
    return { origins, code: 'encoding_invalid', message: 'Reading a page of the wiki: it is not UTF-8' };
  }
  const document = await readDocument(content);
  for (const column of columns) {
    if (column === 'path') values.path = pageStem(path);
    else if (column === 'content') values.content = content;
    else if (column === 'frontmatter') values.frontmatter = document.frontmatter;
    else if (column === 'title')
      values.title = titleOf(document) ?? displayName(path, { retainPageNameCase });
    else values.revision = await revisionOf(view, path, ordinal);
  }
  return { values, origins };
}

/** The newest commit that touched a file as of the commit with this ordinal. */
async function revisionOf(view: View, path: string, ordinal: number): Promise<string | null> {
  const now = await view.file(path);
  if (now !== undefined && now.ordinal <= ordinal) return now.commit;
  for await (const touch of view.touches(path)) {
    if (touch.ordinal <= ordinal && touch.oid !== null) return touch.commit;
  }
  return null;
}
