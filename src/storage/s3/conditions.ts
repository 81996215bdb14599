import type { PutCondition } from '../byte-store.ts';
import { isHeaderText } from './reading.ts';

/** How a server wants the ETag in `If-Match`. Ceph 16 compares it with the quotes and so finds it different. */
export type Quoting = 'quoted' | 'bare';

/** The ETag of nothing: no object has it. */
const NO_ETAG = '0'.repeat(32);

export function conditionHeaders(condition: PutCondition, quoting: Quoting): Record<string, string> {
  if ('immutable' in condition) return {};
  if ('ifAbsent' in condition) return { 'if-none-match': '*' };
  const { ifMatch } = condition;
  // An asterisk matches everything, and an empty header may count as none.
  const tag = ifMatch !== '*' && isHeaderText(ifMatch) ? ifMatch : NO_ETAG;
  return { 'if-match': quoting === 'quoted' ? `"${tag}"` : tag };
}
