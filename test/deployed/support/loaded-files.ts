import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Which files functions load as modules. */
export interface LoadedFiles {
  /** Of the functions that are to be watched. */
  environment: Readonly<Record<string, string>>;
  /** Those below a folder that were loaded since the last call, as paths in it. */
  take(folder: string): string[];
}

const SOURCE = `import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const list = new URL('loaded', import.meta.url);
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(list, url + '\\n');
    return next(url, context);
  },
});
`;

/** Goes with the running test. `options`: what stands in `NODE_OPTIONS` besides. */
export function loadedFiles(options = ''): LoadedFiles {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-loaded-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [script, list] = [join(folder, 'watch.mjs'), join(folder, 'loaded')];
  writeFileSync(script, SOURCE);
  writeFileSync(list, '');
  return {
    environment: { NODE_OPTIONS: `${options} --import=${script}`.trim() },
    take(below) {
      const urls = readFileSync(list, 'utf8').split('\n');
      writeFileSync(list, '');
      const paths = urls
        .filter(url => url !== '')
        .map(url => relative(realpathSync(below), fileURLToPath(url)));
      return paths.filter(path => !path.startsWith('..'));
    },
  };
}
