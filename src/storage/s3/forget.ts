import { type Deletable, deleteObjects } from './deletion.ts';
import type { ListTarget } from './listing.ts';
import { nextMarkers, parseVersions, readVersions } from './versions.ts';

/** Removes all versions that are not current of the objects whose keys begin with `prefix`; resolves with how many. */
export async function forgetVersions(target: ListTarget, prefix: string): Promise<number> {
  const { root } = target;
  const listed = { ...target, key: prefix, object: root + prefix };
  let count = 0;
  for (let markers: [string, string][] | undefined = []; markers !== undefined; ) {
    const xml = await readVersions(listed, markers);
    const older = parseVersions(xml).flatMap(({ key, version: { id, isCurrent } }): Deletable[] =>
      isCurrent || !key.startsWith(root + prefix) ? [] : [{ key: key.slice(root.length), versionId: id }],
    );
    await deleteObjects(target, older, {});
    count += older.length;
    markers = nextMarkers(xml);
  }
  return count;
}
