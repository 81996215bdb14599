import { pageNotText } from '../errors.ts';
import { titleOf } from '../markup/describe.ts';
import { type Document, readDocument } from '../markup/frontmatter.ts';
import type { JsonValue } from '../markup/json-value.ts';
import { decodeText } from '../markup/text.ts';
import { displayName } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import type { WorkFile, Workspace } from './workspace.ts';

/** The text of a page. @throws KittiwakeError `page_not_text` */
export async function readText(workspace: Workspace, file: WorkFile, request: string): Promise<string> {
  return textOf(await workspace.read(file), request);
}

/** @throws KittiwakeError `page_not_text` */
export function textOf(bytes: Uint8Array, request: string): string {
  const text = decodeText(bytes);
  if (text === undefined) throw pageNotText(request);
  return text;
}

/** What a page is called: its title, or the last part of its display path. */
export function nameOf(document: Document, file: string, settings: WikiSettings): JsonValue {
  return titleOf(document) ?? displayName(file, settings);
}

/** The same, of a page whose text is at hand. */
export async function nameOfText(text: string, file: string, settings: WikiSettings): Promise<JsonValue> {
  return nameOf(await readDocument(text), file, settings);
}
