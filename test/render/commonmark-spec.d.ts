/** The package has no types of its own. */
declare module 'commonmark-spec' {
  export const tests: readonly { number: number; markdown: string; html: string }[];
}
