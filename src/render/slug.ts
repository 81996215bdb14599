/**
 * What stands behind `#` for a heading: `Über Head` is `uber-head`, as in Otterwiki. A text of which that leaves nothing keeps its
 * letters: `日本語`.
 */
export function slug(text: string): string {
  const decomposed = text.normalize('NFKD');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  const latin = joined(decomposed.replace(/[^\x00-\x7f]/g, '').replace(/[^\w\s-]/g, ''));
  if (/\w/.test(latin)) return latin;
  return joined(text.normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')) || 'section';
}

function joined(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, '-');
}
