import type { PatchPageBody } from '../bodies.ts';
import { mergeStale } from '../change/merge-stale.ts';
import type { Outcome } from '../change/outcome.ts';
import { nameOfText, readText } from '../change/page-text.ts';
import { checkLock, checkLockLength } from '../change/revision.ts';
import type { Workspace } from '../change/workspace.ts';
import {
  oldStringAmbiguous,
  oldStringEmpty,
  oldStringMissing,
  patchIncomplete,
  stringsIdentical,
} from '../errors.ts';
import { appendToSection, findSection, replaceSection } from '../markup/sections.ts';
import { encodeText } from '../markup/text.ts';
import { displayPath } from '../name/page-path.ts';
import type { PatchPage } from '../wiki.ts';

/** Replaces one exact substring, or one section, of a page (API contract 5.4). */
export async function patchPage(workspace: Workspace, input: PatchPage): Promise<Outcome<PatchPageBody>> {
  const { settings, view } = workspace;
  const edit = editOf(input);
  const file = await workspace.pageToChange(input.path);
  const info = file.info;
  const current = (): Promise<string> => readText(workspace, file, input.path);
  const merged =
    info === undefined
      ? undefined
      : await mergeStale(workspace, {
          lock: input,
          file: { ...file, info },
          check: () => checkLock(view, info, input, true),
          propose: async base => edit(base),
          current,
        });
  const text = merged ?? edit(await current());
  const changed = await workspace.write(file.path, encodeText(text));
  const name = await nameOfText(text, file.path, settings);
  const after = await workspace.file(file.path);
  const known = info?.commit ?? '';
  return {
    summary: `Edit: ${input.path}`,
    subject: displayPath(file.path, settings),
    ...(after === undefined ? {} : { blob: after.oid }),
    body: commit => ({
      name,
      path: displayPath(file.path, settings),
      revision: changed ? (commit ?? known) : known,
      ...(merged === undefined ? {} : { merged: true as const }),
    }),
  };
}

/** What to do with the text. Checks what can be checked without it, in the contract's order. */
function editOf(input: PatchPage): (text: string) => string {
  const { oldString, newString, section, content } = input;
  const isSubstring = oldString !== undefined && newString !== undefined;
  if (isSubstring === (section !== undefined && content !== undefined)) throw patchIncomplete();
  if (oldString === '') throw oldStringEmpty();
  if (input.ifMatch === undefined || (input.revision ?? '') !== '') checkLockLength(input.revision ?? '');
  if (isSubstring) {
    if (oldString === newString) throw stringsIdentical();
    return text => replaceOnce(text, oldString, newString);
  }
  const change = input.placement === 'append' ? appendToSection : replaceSection;
  return text => change(text, findSection(text, section ?? ''), content ?? '');
}

/**
 * Replaces the one occurrence of a string. In a text whose every line ends with CRLF, line ends of any kind match, and
 * those put in are CRLF.
 */
function replaceOnce(text: string, oldString: string, newString: string): string {
  const crlf = text.includes('\r\n') && !/(?:^|[^\r])\n/.test(text);
  const [old, replacement] = [oldString, newString].map(part =>
    crlf ? part.replace(/\r?\n/g, '\r\n') : part,
  ) as [string, string];
  const pieces = text.split(old);
  if (pieces.length === 1) throw oldStringMissing();
  if (pieces.length > 2) throw oldStringAmbiguous(pieces.length - 1);
  return pieces.join(replacement);
}
