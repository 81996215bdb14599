import type { ProjectionParts } from './parts.ts';

/** Of many wikis one that only its uuid is known of: a run that knows its name knows its address. */
export async function isNameless({ environment: { config }, wiki }: ProjectionParts): Promise<boolean> {
  return config.tenants.kind !== 'none' && config.wiki === (await wiki.wikiId());
}

/** Whether anybody is served the wiki: among many not one that is suspended or deleted, nor one whose name is not known. */
export async function isServed(parts: ProjectionParts): Promise<boolean> {
  const { config } = parts.environment;
  if (config.tenants.kind === 'none') return true;
  if (await isNameless(parts)) return false;
  const [{ tenantFormat, tenantKey }, store] = await Promise.all([
    import('../../tenant/tenant-record.ts'),
    parts.store(),
  ]);
  const found = await store.get(tenantKey(config.wiki));
  return found.kind === 'found' && tenantFormat.decode(found.bytes).body.state === 'active';
}
