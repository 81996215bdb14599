const PAGE = /\.(?:md|markdown|mdown|mkdn?|mdwn)$/i;

/** True for the names that Markdown files have. */
export function isPageName(path: string): boolean {
  return PAGE.test(path);
}

/** Without what says that it is Markdown. */
export function pageNameStem(path: string): string {
  return path.replace(PAGE, '');
}
