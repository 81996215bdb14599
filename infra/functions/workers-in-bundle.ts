import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The scripts of threads lie in the bundle as modules of their own, beside whichever file starts them. */
export const workersInBundle: Plugin = {
  name: 'workers-in-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /\/worker-lane\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace("'./engine.worker.ts'", "'./engine.worker.mjs'"), loader: 'ts' };
    });
  },
};
