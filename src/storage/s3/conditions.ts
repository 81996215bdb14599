import type { PutCondition } from '../byte-store.ts';
import { isVersion } from './reading.ts';

/** How a server wants the ETag in `If-Match`. Ceph 16 compares it with the quotes and so finds it different. */
export type Quoting = 'quoted' | 'bare';

/** The version of nothing: no object has it. */
export const NO_VERSION = `"${'0'.repeat(32)}"`;

export function conditionHeaders(condition: PutCondition, quoting: Quoting): Record<string, string> {
  if ('immutable' in condition) return {};
  if ('ifAbsent' in condition) return { 'if-none-match': '*' };
  const { ifMatch } = condition;
  // A bare asterisk matches everything, and an empty header may count as none.
  const tag = isVersion(ifMatch) && ifMatch !== '"*"' ? ifMatch : NO_VERSION;
  return { 'if-match': quoting === 'quoted' ? tag : tag.slice(1, -1) };
}
