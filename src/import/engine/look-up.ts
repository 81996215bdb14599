import { MODE_FOLDER } from '../../git/object/objects.ts';
import { comparePaths } from '../../git/object/paths.ts';
import type { View } from '../../git/repository.ts';
import type { Present } from './batch.ts';
import type { LookUp } from './lane.ts';

/** Looks files up in a version of the wiki. Undefined where it is empty. */
export function createLookUp(view: View): LookUp | undefined {
  if (view.head === undefined) return undefined;
  return async files => {
    // In the order of paths the map's blocks are read one after the other.
    const order = files.map((_, index) => index).sort((a, b) => comparePaths(pathAt(a), pathAt(b)));
    const present: Present[] = files.map(() => 'absent');
    for (const index of order) {
      const entry = await view.entry(pathAt(index));
      // Folders are there also for who may read nothing in them.
      if (entry && entry.mode !== MODE_FOLDER)
        present[index] = entry.oid === files[index]?.oid ? 'same' : 'other';
    }
    return present;

    function pathAt(index: number): string {
      return files[index]?.path ?? '';
    }
  };
}
