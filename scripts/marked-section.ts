import { readFileSync, writeFileSync } from 'node:fs';

/** A generated part of a document, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export interface MarkedSection {
  file: string;
  name: string;
  text: string;
}

/** Writes the section; with `check` it only compares. False when the document was out of date. */
export function placeSection({ file, name, text }: MarkedSection, check: boolean): boolean {
  const begin = `<!-- ${name}:begin -->`;
  const end = `<!-- ${name}:end -->`;
  const document = readFileSync(file, 'utf8');
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`cannot place "${name}" in ${file}: the markers are not there`);
  const next = `${document.slice(0, from + begin.length)}\n${text.trim()}\n${document.slice(to)}`;
  if (next === document) return true;
  if (!check) writeFileSync(file, next);
  return false;
}
