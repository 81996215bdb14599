import type { Plugin } from 'esbuild';

/** Puts the texts that a module `asset-texts.ts` reads from files beside it into the bundle, which has no such files. */
export const textsInBundle: Plugin = {
  name: 'texts-in-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /\/asset-texts\.ts$/ }, async ({ path }) => {
      const exported: Record<string, unknown> = await import(path);
      const lines = Object.entries(exported).map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`,
      );
      return { contents: lines.join(''), loader: 'js' };
    });
  },
};
