/** Letters and digits in lower case, without accents, with single hyphens for all between them: `Crème brûlée!` → `creme-brulee`. */
export function slug(text: string): string {
  return (
    asciiSlug(text) ??
    text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]+/g, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .normalize('NFC')
  );
}

/** Undefined: there are other characters. Most titles are worked on here. */
function asciiSlug(text: string): string | undefined {
  let result = '';
  let needsHyphen = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return undefined;
    const isUpper = unit >= 65 && unit <= 90;
    if (!isUpper && !(unit >= 97 && unit <= 122) && !(unit >= 48 && unit <= 57)) {
      needsHyphen = result !== '';
      continue;
    }
    if (needsHyphen) result += '-';
    needsHyphen = false;
    result += String.fromCharCode(isUpper ? unit + 32 : unit);
  }
  return result;
}
