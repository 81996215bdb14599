import type { Copied, CopyOptions } from '../backup/back-up.ts';
import type { Manifest } from '../backup/manifest.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Service } from './app.ts';

export interface BackupOptions {
  /** The services that are copied from and to, both opened by the wiki's uuid. */
  from: Service;
  to: Service;
  /** Its name. */
  wiki: string;
  runtime: Pick<Runtime, 'now'>;
  signal: AbortSignal;
  advance(): void;
}

/** Copies the wiki of `from` into the store of `to`. See `backUp`. */
export async function makeBackup(options: BackupOptions): Promise<Copied> {
  const { backUp } = await import('../backup/back-up.ts');
  return await backUp(await copyOptions(options));
}

/** Copies the wiki back out of the backup that `from` is. See `bringBack`. */
export async function restoreBackup(options: BackupOptions): Promise<Copied> {
  const { bringBack } = await import('../backup/back-up.ts');
  return await bringBack(await copyOptions(options));
}

/** @throws KittiwakeError `backup_absent` */
export async function describeBackup(service: Service, wiki: string): Promise<Manifest> {
  const { readManifest } = await import('../backup/manifest.ts');
  return await readManifest(await service.store(), wiki);
}

async function copyOptions(options: BackupOptions): Promise<CopyOptions> {
  const { from, to, ...rest } = options;
  const { tenantKey } = await import('../tenant/tenant-record.ts');
  const side = async (service: Service) => ({ store: await service.store(), state: await service.state() });
  return {
    ...rest,
    uuid: await from.wikiId(),
    nameKey: tenantKey(options.wiki),
    from: await side(from),
    to: await side(to),
  };
}
