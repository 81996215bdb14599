import { type SweptTransfers, sweepTransfers } from '../large/sweep.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';

export interface CollectOptions {
  /** How old an unlisted file must be to be condemned. Default one hour. */
  orphanGraceMs?: number;
  /** How long a condemned pack stays readable for those who hold an older ledger. Default 15 minutes. */
  readerGraceMs?: number;
  /**
   * Names of packs that something unfinished still needs, asked before the files are listed: what is begun later is younger than the
   * grace of orphans. Default: none.
   */
  keep?(): Promise<ReadonlySet<string>>;
}

export interface CollectReport {
  /** Unlisted packs that were condemned now. */
  condemned: string[];
  /** Packs whose files were deleted now. */
  deleted: string[];
  /** Packs that wait for their readers' grace. */
  waiting: string[];
  /** What uploads and downloads had left behind. */
  swept: SweptTransfers;
}

const EXTENSIONS = ['pack', 'idx', 'map', 'keys', 'gone'] as const;

/**
 * Deletes pack files that no ledger lists, in two steps: a swap condemns their names, which fences every writer that
 * formatted earlier; after the readers' grace the files go, and another swap drops the names.
 */
export async function collectGarbage(
  repository: LedgerRepository,
  options: CollectOptions = {},
): Promise<CollectReport> {
  const { orphanGraceMs = 3_600_000, readerGraceMs = 900_000 } = options;
  const kept = await options.keep?.();
  const found = await findOrphans(repository, await repository.ledger(0), orphanGraceMs);
  const orphans = found.filter(name => !kept?.has(name));
  const condemned = orphans.length > 0 ? await condemn(repository, orphans) : [];
  const nowSeconds = Math.floor(repository.runtime.now() / 1000);
  const ledger = await repository.ledger(0);
  const due = ledger.condemned
    .filter(each => each.seconds + readerGraceMs / 1000 <= nowSeconds)
    .map(each => each.name);
  if (due.length > 0) {
    await repository.store.delete(due.flatMap(name => filesOf(repository.uuid, name, ledger)));
    await drop(repository, due);
  }
  const waiting = ledger.condemned.map(each => each.name).filter(name => !due.includes(name));
  return { condemned, deleted: due, waiting, swept: await sweepTransfers(repository) };
}

/** A pack may go while the idempotency records that were flushed with it are still listed; their file then stays. */
function filesOf(uuid: string, name: string, { keySegments }: Ledger): string[] {
  const keysListed = keySegments.some(segment => segment.name === name);
  const extensions = keysListed ? EXTENSIONS.filter(extension => extension !== 'keys') : EXTENSIONS;
  return extensions.map(extension => packKey(uuid, name, extension));
}

/** Names of stored packs that a ledger neither lists nor condemns, and that are older than the grace. */
export async function findOrphans(
  repository: LedgerRepository,
  ledger: Ledger,
  olderThanMs: number,
): Promise<string[]> {
  const used = usedNames(ledger);
  const before = repository.runtime.now() - olderThanMs;
  const youngest = new Map<string, number>();
  const prefix = `packs/${repository.uuid}/`;
  for (let after: string | undefined, more = true; more; ) {
    const page = await repository.store.list(prefix, after === undefined ? {} : { after });
    for (const { key, modifiedMs } of page.objects) {
      const name = key.slice(prefix.length).replace(/\.[a-z]+$/, '');
      if (!used.has(name)) youngest.set(name, Math.max(youngest.get(name) ?? 0, modifiedMs));
    }
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
  return [...youngest].filter(([, modifiedMs]) => modifiedMs <= before).map(([name]) => name);
}

function usedNames(ledger: Ledger): Set<string> {
  const large = ledger.journal.blobs().flatMap(blob => (blob.encoding === 'pack' ? [blob.place.pack] : []));
  const gone = ledger.gone ? [ledger.gone] : [];
  const listed = [...ledger.packs, ...ledger.keySegments, ...gone, ...ledger.condemned].map(
    each => each.name,
  );
  return new Set([...listed, ...large]);
}

function condemn(repository: LedgerRepository, names: readonly string[]): Promise<string[]> {
  return repository.amend<string[]>({
    apply: async current => {
      const used = usedNames(current);
      const fresh = names.filter(name => !used.has(name));
      if (fresh.length === 0) return { kind: 'keep', result: [] };
      const seconds = Math.floor(repository.runtime.now() / 1000);
      const condemned = [...current.condemned, ...fresh.map(name => ({ name, seconds }))];
      return { kind: 'change', value: { ...current, condemned }, result: fresh };
    },
    settle: async current => {
      const there = names.filter(name => current.condemned.some(each => each.name === name));
      return there.length > 0 ? there : undefined;
    },
  });
}

/** Forgets names whose files are gone; what was stored for an earlier collection number must not be listed any more. */
function drop(repository: LedgerRepository, names: readonly string[]): Promise<true> {
  const gone = (ledger: Ledger) => !ledger.condemned.some(each => names.includes(each.name));
  return repository.amend<true>({
    apply: async current => {
      if (gone(current)) return { kind: 'keep', result: true };
      const condemned = current.condemned.filter(each => !names.includes(each.name));
      return {
        kind: 'change',
        value: { ...current, condemned, collections: current.collections + 1 },
        result: true,
      };
    },
    settle: async current => (gone(current) ? true : undefined),
  });
}
