/** Of highlight.js, what is used. Its own types bring in those of a browser, which would then be everywhere. */
interface Highlighter {
  highlight(code: string, options: { language: string; ignoreIllegals?: boolean }): { value: string };
  getLanguage(name: string): { rawDefinition(): object } | undefined;
  listLanguages(): string[];
  registerLanguage(name: string, definition: () => object): void;
  newInstance(): Highlighter;
}

declare const highlighter: Highlighter;

// biome-ignore lint/style/noDefaultExport: that is how the package exports it
export { highlighter as default };
