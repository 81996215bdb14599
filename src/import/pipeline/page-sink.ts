import { isFile, type Values } from '../operator/columns.ts';
import type { PageItem } from '../page-item.ts';
import type { Cell, Row } from '../row.ts';
import { type FrontmatterField, withFrontmatter } from './frontmatter-block.ts';
import { importedFile, importedPage } from './page-path.ts';
import type { PageChoice, PageNaming } from './pipeline.ts';
import { compileTemplate } from './text/template.ts';

/** Makes the file of a row. @throws KittiwakeError that becomes the failure of the row */
export type MakePage = (row: Row) => PageItem;

/**
 * A row whose `content` is a file, or that has no `content` but a column `file`, becomes an attachment under its path as it is;
 * all others become pages.
 */
export function compilePage(page: PageChoice, naming: PageNaming): MakePage {
  const path = compileTemplate(page.path);
  const content = compileTemplate(page.content);
  const fields = frontmatterFields(page);
  return ({ values, origins }) => {
    const file = values.file;
    if (file !== undefined && isFile(file)) {
      return { path: importedFile(path.text(values), naming), content: file, origins };
    }
    const cell = content.cell(values);
    if (isFile(cell)) return { path: importedFile(path.text(values), naming), content: cell, origins };
    const text = typeof cell === 'string' ? cell : content.text(values);
    return {
      path: importedPage(path.text(values), naming),
      content: fields.length === 0 ? text : withFrontmatter(text, fields, values),
      origins,
    };
  };
}

function frontmatterFields({ frontmatter }: PageChoice): readonly FrontmatterField[] {
  return Object.entries(frontmatter).map(([name, value]) => ({ name, read: reader(value) }));
}

function reader(value: Cell): (values: Values) => Cell {
  return typeof value === 'string' ? compileTemplate(value).cell : () => value;
}
