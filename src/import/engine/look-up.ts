import { comparePaths } from '../../git/object/paths.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { Present } from './batch.ts';
import type { LookUp } from './lane.ts';

/** Looks files up in the wiki as it is now. Undefined where it is empty. */
export async function createLookUp(repository: LedgerRepository): Promise<LookUp | undefined> {
  const view = await repository.view();
  if (view.head === undefined) return undefined;
  return async files => {
    // In the order of paths the map's blocks are read one after the other.
    const order = files.map((_, index) => index).sort((a, b) => comparePaths(pathAt(a), pathAt(b)));
    const present: Present[] = files.map(() => 'absent');
    for (const index of order) {
      const entry = await view.entry(pathAt(index));
      if (entry) present[index] = entry.oid === files[index]?.oid ? 'same' : 'other';
    }
    return present;

    function pathAt(index: number): string {
      return files[index]?.path ?? '';
    }
  };
}
