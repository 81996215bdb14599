import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The platforms of Lambda. */
const PLATFORMS = ['linux-arm64', 'linux-x64'];

/**
 * Puts better-sqlite3 beside a bundle with the binaries that the package brings for Lambda's platforms: they speak N-API and
 * need glibc 2.34, so that nothing is compiled and no container is needed.
 */
export function copyAddon(folder: string): void {
  const source = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  const target = join(folder, 'node_modules/better-sqlite3');
  mkdirSync(join(target, 'prebuilds'), { recursive: true });
  for (const name of ['package.json', 'LICENSE', 'lib']) {
    cpSync(join(source, name), join(target, name), { recursive: true });
  }
  for (const platform of PLATFORMS) {
    cpSync(join(source, `prebuilds/${platform}.node`), join(target, `prebuilds/${platform}.node`));
  }
}
