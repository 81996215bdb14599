/** Whether a name fits a pattern in which `*` stands for anything and `?` for one character; case does not matter. Linear in the name for each star. */
export function matchesGlob(pattern: string, name: string): boolean {
  const [wanted, text] = [pattern.toLowerCase(), name.toLowerCase()];
  let [at, next, starAt, retryAt] = [0, 0, -1, 0];
  while (at < text.length) {
    if (wanted[next] === '*') {
      starAt = next++;
      retryAt = at;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === text[at])) {
      next++;
      at++;
    } else if (starAt >= 0) {
      next = starAt + 1;
      at = ++retryAt;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(next));
}
