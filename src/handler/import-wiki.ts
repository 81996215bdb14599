import type { Service } from '../lazy/app.ts';
import { importUnnamed } from './errors.ts';
import type { OpenedService } from './open-service.ts';

export type ImportedWiki = Pick<Service, 'repository' | 'projections'>;

/**
 * Works on the wiki that a source is for. Where there are many, it is named by a folder: `imports/<name>/….bundle`.
 * @throws KittiwakeError `import_unnamed` when nothing names a wiki that is there
 */
export async function withImportedWiki<R>(
  { service, config }: Pick<OpenedService, 'service' | 'config'>,
  key: string,
  work: (wiki: ImportedWiki) => Promise<R>,
): Promise<R> {
  if (config.tenants.kind === 'none') return await work(service);
  const [, name] = /^imports\/([a-z0-9-]{1,63})\/./.exec(key) ?? [];
  if (name === undefined) throw importUnnamed(key);
  const [admin, wikis] = await Promise.all([service.tenants(), service.wikis()]);
  const { tenant } = await admin('import').show(name);
  if (tenant.state !== 'active' && tenant.state !== 'suspended') throw importUnnamed(key);
  const { handles: open, release } = wikis.lease(tenant);
  try {
    return await work(open.handles);
  } finally {
    release();
  }
}
