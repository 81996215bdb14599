import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepFiles, takeKept } from '../../infra/functions/kept-files.ts';
import { temporaryFolder } from '../support/cli.ts';

const NAME = 'write.0123456789abcdef.arm64-13.6.233.17-node.53.cache';
const OTHER = 'write.fedcba9876543210.arm64-13.6.233.17-node.53.cache';

/** A folder of what was kept, and one of a function whose write path has the hash of `NAME`. */
function folders(): { kept: string; asset: string; taken(): string[] } {
  const [{ path: kept, remove: first }, { path: asset, remove: second }] = [
    temporaryFolder(),
    temporaryFolder(),
  ];
  onTestFinished(first);
  onTestFinished(second);
  writeFileSync(asset('index.mjs'), 'const hashes={"write":"0123456789abcdef"};\n');
  const taken = () => readdirSync(asset()).filter(name => name.endsWith('.cache'));
  return { kept: kept(), asset: asset(), taken };
}

test('what was kept of these scripts goes into the bundle under the name that the function reads', () => {
  const { kept, asset, taken } = folders();
  const bytes = Buffer.from('what V8 kept');
  keepFiles(
    kept,
    new Map([
      [NAME, bytes],
      [OTHER, bytes],
    ]),
  );
  takeKept(kept, asset);
  expect(taken()).toEqual([NAME]);
  expect(readFileSync(join(asset, NAME))).toEqual(bytes);
});

test('what was damaged meanwhile is left out: V8 would end the process', () => {
  const { kept, asset, taken } = folders();
  keepFiles(kept, new Map([[NAME, Buffer.from('what V8 kept')]]));
  const [file = ''] = readdirSync(kept);
  writeFileSync(join(kept, file), 'what V8 kepT');
  takeKept(kept, asset);
  expect(taken()).toEqual([]);
});

test('what is new takes the place of what was kept before', () => {
  const { kept } = folders();
  keepFiles(kept, new Map([[OTHER, Buffer.from('old')]]));
  keepFiles(kept, new Map([[NAME, Buffer.from('new')]]));
  expect(readdirSync(kept).map(file => file.slice(0, NAME.length))).toEqual([NAME]);
});
