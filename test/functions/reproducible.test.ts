import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/functions/build.ts';
import { builtForTests } from './built.ts';

const [first, second] = [builtForTests(), builtForTests()];

test.each(FUNCTION_NAMES)('the files of the function %s are the same by every build', name => {
  const files = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(each => each.isFile())
      .map(({ parentPath, name: file }) => join(parentPath.slice(folder.length), file))
      .sort();
  const [one, other] = [first()[name].folder, second()[name].folder];
  expect(files(other)).toEqual(files(one));
  const differing = files(one).filter(
    file => !readFileSync(join(one, file)).equals(readFileSync(join(other, file))),
  );
  expect(differing).toEqual([]);
});
