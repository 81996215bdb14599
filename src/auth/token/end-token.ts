import { ownedKeys, type TokenRecord } from './token.ts';
import type { ListedToken, TokenDocuments } from './token-documents.ts';

/** So many are ended side by side. */
const AT_ONCE = 20;

/**
 * Ends a token and those that were made with it, and with those: one that leaked may have been used to make others. Looks again until
 * there are no more of them: a process that does not know of the end yet may just be making one.
 * @returns undefined when it is gone
 * @throws KittiwakeError those of {@link TokenDocuments.change}
 */
export async function endToken(
  documents: TokenDocuments,
  { hash, record }: ListedToken,
  nowMs: number,
): Promise<TokenRecord | undefined> {
  const ended = await endOne(documents, hash, nowMs);
  const done = new Set([hash]);
  for (;;) {
    const made = await madeWith(documents, record);
    const left = made.filter(each => !done.has(each));
    if (left.length === 0) return ended;
    while (left.length > 0) {
      const some = left.splice(0, AT_ONCE);
      await Promise.all(some.map(each => endOne(documents, each, nowMs)));
      for (const each of some) done.add(each);
    }
  }
}

/** Undefined when there is no such token; one that was ended before stays as it is. */
export function endOne(
  documents: TokenDocuments,
  hash: string,
  nowMs: number,
): Promise<TokenRecord | undefined> {
  return documents.change(hash, record =>
    record.revokedMs === undefined ? { ...record, revokedMs: nowMs } : undefined,
  );
}

/** Hashes of the tokens that were made with one, directly or not. What a token for all wikis made may lie in any. */
async function madeWith(documents: TokenDocuments, { id, wiki, owner }: TokenRecord): Promise<string[]> {
  const { prefix, isMeant } = ownedKeys(wiki, owner.id);
  const byMaker = new Map<string, ListedToken[]>();
  for await (const token of documents.all(prefix, isMeant)) {
    const { createdBy } = token.record;
    byMaker.set(createdBy, [...(byMaker.get(createdBy) ?? []), token]);
  }
  const makers = [`token:${id}`];
  const found: string[] = [];
  for (let maker = makers.pop(); maker !== undefined; maker = makers.pop()) {
    for (const { hash, record } of byMaker.get(maker) ?? []) {
      found.push(hash);
      makers.push(`token:${record.id}`);
    }
  }
  return found;
}
