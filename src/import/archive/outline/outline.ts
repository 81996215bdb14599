import { decodePart } from '../../../wiki/markup/link-target.ts';
import type { ArchiveOptions } from '../archive-options.ts';
import type { Convention } from '../convention.ts';
import type { FileList } from '../file-list.ts';
import { referenceOf } from '../link/foreign-path.ts';
import { linesOutsideCode } from '../link/lines-outside-code.ts';
import { LinkWriter } from '../link/link-writer.ts';
import { rewriteText } from '../link/rewrite-text.ts';
import { isPageName, pageNameStem } from '../page-name.ts';
import type { PathTable } from '../path-table.ts';
import { targetOf } from '../plain.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ATTACHMENT = new RegExp(`(?:^|/)(?:uploads|attachments|public|avatars)/${UUID}/${UUID}/`);
const DOCUMENT = /^\/doc\/([\w~-]*?)-?[A-Za-z0-9]{10,15}(?=[/?#]|$)([?#].*)?/;
const IMAGE_SIZE = /(\]\([^()\s]+) "([^"\n]*?) ?=\d*x\d*"\)/g;

/** True for the paths that Outline gives attachments. */
export function isOutlineAttachment(path: string): boolean {
  return ATTACHMENT.test(path);
}

/**
 * An export of Outline as Markdown (server/queues/tasks/ExportDocumentTreeTask.ts of https://github.com/outline/outline): a folder for
 * each collection, a document's children in a folder of its name, attachments below `uploads/`, slashes in titles as `%2F`, links
 * relative; those to documents that were not exported stay `/doc/title-id`.
 */
export function outlineConvention(
  { paths }: Pick<FileList, 'paths'>,
  naming: ArchiveOptions['naming'],
): Convention {
  const writer = new LinkWriter(naming);
  const documents = documentsBySlug(paths);
  const target = (file: number) => targetOf(paths.at(file).replace(/%(?:2F|5C)/gi, '-'));
  const link = (destination: string, from: number) => {
    const [whole, slug, suffix = ''] = DOCUMENT.exec(destination) ?? [];
    const known = slug === undefined ? undefined : documents.get(slugOf(decodePart(slug)));
    const named = known === undefined || known === null ? null : { file: known, suffix };
    const found = whole === undefined ? referenceOf(destination, paths.at(from), paths) : named;
    if (found === undefined || found === null) return found;
    const path = writer.relative(target(from), target(found.file));
    // Its anchors of headings are those of the wiki, but for their beginning.
    return path === undefined ? null : path + found.suffix.replace(/^#h-/, '#');
  };
  return {
    name: 'outline',
    target,
    keeps: isOutlineAttachment,
    text: (text, file, notes) =>
      rewriteText(
        linesOutsideCode(text, plainLine),
        { markdown: destination => link(destination, file) },
        notes,
      ),
  };
}

/** An empty paragraph is a lone backslash; the size of a picture stands in its title. */
function plainLine(line: string): string {
  if (line.trimEnd() === '\\') return '';
  if (!line.includes('x') || !line.includes('=')) return line;
  return line.replace(IMAGE_SIZE, (_, link: string, title: string) =>
    title === '' ? `${link})` : `${link} "${title}")`,
  );
}

/** Null where several documents have one title. */
function documentsBySlug(paths: PathTable): Map<string, number | null> {
  const documents = new Map<string, number | null>();
  for (const file of paths.sorted()) {
    const path = paths.at(file);
    if (!isPageName(path)) continue;
    const slug = slugOf(pageNameStem(path.slice(path.lastIndexOf('/') + 1)));
    documents.set(slug, documents.has(slug) ? null : file);
  }
  return documents;
}

function slugOf(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
