import { basename } from 'node:path';
import type { SourceFile } from '../source.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { ArchiveSource } from './archive-source.ts';
import type { FileList } from './file-list.ts';
import { findConvention } from './find-convention.ts';
import { openFolder } from './open-folder.ts';
import { openZip } from './zip/open-zip.ts';

/**
 * A ZIP file of Markdown and what belongs to it. Undefined: it is a workbook (ECMA-376, XLSX), which is no archive to its users.
 * @throws KittiwakeError `source_corrupt`, `source_unsupported`, `source_unsafe`, `source_too_large`
 */
export async function openArchive(
  file: SourceFile,
  options: ArchiveOptions,
): Promise<ArchiveSource | undefined> {
  const list = await openZip(file, options);
  const isWorkbook = ['[Content_Types].xml', 'xl/workbook.xml'].every(
    path => list.paths.find(path) !== undefined,
  );
  return isWorkbook ? undefined : await sourceOf(file.name, list, options);
}

/**
 * The same of a folder of this machine.
 * @throws KittiwakeError `source_unreadable`, `source_too_large`
 */
export async function openArchiveFolder(folder: string, options: ArchiveOptions): Promise<ArchiveSource> {
  return await sourceOf(basename(folder), await openFolder(folder, options), options);
}

async function sourceOf(name: string, list: FileList, options: ArchiveOptions): Promise<ArchiveSource> {
  return new ArchiveSource(name, list, await findConvention(list, options), options);
}
