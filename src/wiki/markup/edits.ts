/** What stands from `start` to `end` (UTF-16 units) becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
