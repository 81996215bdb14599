import { describe, expect, it } from 'vitest';
import { broken, counters, countOf, type MakePlace, raise, schemaOf, thousand } from './state-tables.ts';

/** How every StateDatabase comes by its schema. */
export function schemaContract(make: MakePlace): void {
  describe('the schema', () => {
    const older = schemaOf(counters);
    const newer = schemaOf(counters, thousand);

    it('is made once by handles that begin at the same time', { timeout: 120_000 }, async () => {
      const place = await make();
      await Promise.all(Array.from({ length: 6 }, () => raise(place.open({ schema: newer }))));
      expect((await countOf(place.open({ schema: newer }))).value).toBe(1_006);
    });

    it('is brought up to date where the database is older', async () => {
      const place = await make();
      await raise(place.open({ schema: older }));
      const state = place.open({ schema: newer });
      expect((await countOf(state)).value).toBe(1_001);
      await raise(state);
      expect((await countOf(place.open({ schema: newer }))).value).toBe(1_002);
    });

    it('is refused where the database is newer, and nothing is written', async () => {
      const place = await make();
      await raise(place.open({ schema: newer }));
      const state = place.open({ schema: older });
      await expect(countOf(state)).rejects.toMatchObject({ code: 'schema_newer' });
      await expect(raise(state)).rejects.toMatchObject({ code: 'schema_newer' });
      expect((await countOf(place.open({ schema: newer }))).value).toBe(1_001);
    });

    it('leaves nothing of a migration that fails, and is tried again', async () => {
      const place = await make();
      await raise(place.open({ schema: older }), 'kept');
      const state = place.open({ schema: schemaOf(counters, broken) });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(raise(state)).rejects.toMatchObject({ code: 'migration_failed' });
      }
      expect(await countOf(place.open({ schema: older }))).toEqual({ value: 1, ids: ['kept'] });
      expect((await countOf(place.open({ schema: newer }))).value).toBe(1_001);
    });

    it('that fails on a database that is not there yet leaves none that cannot be used', async () => {
      const place = await make();
      const state = place.open({ schema: schemaOf(counters, broken) });
      await expect(raise(state)).rejects.toMatchObject({ code: 'migration_failed' });
      expect((await raise(place.open({ schema: older }))).nth).toBe(1);
    });

    it('costs a look-up once it was found in order', async () => {
      const ensureCounts = { hits: 0, misses: 0, failures: 0 };
      const state = (await make()).open({ ensureCounts });
      await raise(state);
      const { misses } = ensureCounts;
      expect(misses).toBeGreaterThan(0);
      for (let write = 0; write < 5; write += 1) await raise(state);
      expect(ensureCounts).toMatchObject({ misses, failures: 0 });
      expect(ensureCounts.hits).toBeGreaterThanOrEqual(5);
    });
  });
}
