import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { schemaContract } from './state-schema.contract.ts';
import { add, countOf, type MakePlace, raise } from './state-tables.ts';

export interface StateContractOptions {
  /** Work that awaits anything but the state is found out. */
  findsImpureWork: boolean;
}

/** What every StateDatabase must do, whatever is behind it. */
export function stateDatabaseContract(name: string, make: MakePlace, options: StateContractOptions): void {
  describe(`${name} as a state database`, () => {
    valuesContract(make);
    refusalContract(make);
    concurrencyContract(make);
    schemaContract(make);
    endContract(make);
    if (options.findsImpureWork) purityContract(make);
  });
}

function valuesContract(make: MakePlace): void {
  describe('values', () => {
    it('are read after they were written, by every handle', async () => {
      const place = await make();
      const [one, other] = [place.open(), place.open()];
      const { id } = await raise(one);
      expect(await countOf(one)).toEqual({ value: 1, ids: [id] });
      expect(await countOf(other)).toEqual({ value: 1, ids: [id] });
      await raise(other);
      expect((await countOf(one)).value).toBe(2);
    });

    it('come back as they were, large numbers as numbers', async () => {
      const state = (await make()).open();
      const entry = { id: 'a', nth: Number.MAX_SAFE_INTEGER, note: `it's "naïve" \u{1f426}\n\\ 50%` };
      await state.write(async tables => void (await tables.insertInto('entry').values(entry).execute()));
      expect(await state.read(tables => tables.selectFrom('entry').selectAll().execute())).toEqual([entry]);
    });

    it('are seen by the transaction that writes them', async () => {
      const state = (await make()).open();
      const seen = await state.write(async (tables, given) => {
        await tables.insertInto('entry').values(add(given, 'tern')).execute();
        return tables.selectFrom('entry').select('note').execute();
      });
      expect(seen).toEqual([{ note: 'tern' }]);
    });

    it('given to a transaction are the time and fresh ids', async () => {
      const state = (await make()).open();
      const beforeMs = Date.now();
      const given = await state.write(async (_, { nowMs, id }) => ({ nowMs, ids: [id(), id()] }));
      expect(given.nowMs).toBeGreaterThanOrEqual(beforeMs);
      expect(given.nowMs).toBeLessThanOrEqual(Date.now());
      expect(new Set(given.ids).size).toBe(2);
      for (const id of given.ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('are kept by a transaction that is the first to write, whatever was refused before', async () => {
      const state = (await make()).open();
      await expect(
        state.write(async () => {
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect((await raise(state)).nth).toBe(1);
    });

    it('may be none', async () => {
      const state = (await make()).open();
      expect(await state.write(async tables => void (await tables.deleteFrom('entry').execute()))).toBe(
        undefined,
      );
      expect(await state.read(async () => null)).toBe(null);
    });
  });
}

function refusalContract(make: MakePlace): void {
  describe('a refusal', () => {
    it('keeps nothing and comes as it was thrown', async () => {
      const state = (await make()).open();
      await raise(state, 'kept');
      const refusal = new Error('no');
      const refused = state.write(async (tables, given) => {
        await tables.insertInto('entry').values(add(given, 'lost')).execute();
        await tables.updateTable('counter').set({ value: 99 }).execute();
        throw refusal;
      });
      expect(await refused.catch(error => error)).toBe(refusal);
      expect(await countOf(state)).toEqual({ value: 1, ids: ['kept'] });
    });

    it('by the database keeps nothing either, and the next transaction goes on', async () => {
      const state = (await make()).open();
      await raise(state, 'one');
      await expect(raise(state, 'one')).rejects.toThrow();
      await raise(state, 'two');
      expect(await countOf(state)).toEqual({ value: 2, ids: ['one', 'two'] });
    });

    it('by the database stands, even where the work does not mind', async () => {
      const state = (await make()).open();
      await raise(state, 'one');
      const careless = state.write(async (tables, given) => {
        const taken = { id: 'one', nth: 1, note: '' };
        await tables.insertInto('entry').values(add(given, 'lost')).execute();
        const said = tables.insertInto('entry').values(taken).execute();
        return said.catch(() => 'never mind');
      });
      await expect(careless).rejects.toThrow();
      expect(await countOf(state)).toEqual({ value: 1, ids: ['one'] });
    });

    it('meets whoever asks for a transaction of his own', async () => {
      const state = (await make()).open();
      await raise(state, 'one');
      const early = state.write(async (tables, given) => {
        await tables.insertInto('entry').values(add(given, 'lost')).execute();
        await sql`commit`.execute(tables);
      });
      await expect(early).rejects.toMatchObject({ code: 'transaction_impure' });
      const nested = state.write(tables => tables.transaction().execute(async () => 'never'));
      await expect(nested).rejects.toMatchObject({ code: 'transaction_impure' });
      expect(await countOf(state)).toEqual({ value: 1, ids: ['one'] });
    });

    it('meets whoever writes while reading', async () => {
      const state = (await make()).open();
      await raise(state, 'one');
      const writing = state.read(async tables => void (await tables.deleteFrom('entry').execute()));
      await expect(writing).rejects.toThrow();
      expect(await countOf(state)).toEqual({ value: 1, ids: ['one'] });
    });

    it('of one does not touch its neighbours', async () => {
      const state = (await make()).open();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, nth) => (nth % 3 === 0 ? refuse() : raise(state, `entry ${nth}`))),
      );
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
      const { value, ids } = await countOf(state);
      expect([value, ids.length]).toEqual([8, 8]);

      function refuse(): Promise<unknown> {
        return state.write(async (tables, given) => {
          await tables.insertInto('entry').values(add(given, 'no')).execute();
          await tables.updateTable('counter').set({ value: 500 }).execute();
          throw new Error('no');
        });
      }
    });
  });
}

function concurrencyContract(make: MakePlace): void {
  describe('transactions at the same time', () => {
    it('of several handles lose nothing and double nothing; only the attempt that was kept is told of', {
      timeout: 120_000,
    }, async () => {
      const place = await make();
      const handles = Array.from({ length: 4 }, () => place.open());
      const raised = await Promise.all(
        handles.flatMap(handle => Array.from({ length: 10 }, () => raise(handle))),
      );
      const { value, ids } = await countOf(place.open());
      expect(value).toBe(40);
      expect(ids).toEqual(raised.map(({ id }) => id).sort());
      const numbers = raised.map(({ nth }) => nth).sort((one, other) => one - other);
      expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    });

    it('are never seen half done', async () => {
      const place = await make();
      const [writer, reader] = [place.open(), place.open()];
      const writing = Promise.all(Array.from({ length: 20 }, () => raise(writer)));
      for (let round = 0; round < 20; round += 1) {
        const { value, ids } = await countOf(reader);
        expect(ids).toHaveLength(value);
      }
      await writing;
      expect((await countOf(reader)).value).toBe(20);
    });
  });
}

function endContract(make: MakePlace): void {
  it('exists from the first write on, and neither asking nor reading makes it', async () => {
    const place = await make();
    const [one, other] = [place.open(), place.open()];
    expect(await one.exists()).toBe(false);
    expect(await countOf(one)).toEqual({ value: 0, ids: [] });
    expect(await one.exists()).toBe(false);
    await raise(other);
    expect([await one.exists(), await other.exists(), await place.open().exists()]).toEqual([
      true,
      true,
      true,
    ]);
    expect((await countOf(one)).value).toBe(1);
  });

  it('is not used any more after it was closed, and others go on', async () => {
    const place = await make();
    const [one, other] = [place.open(), place.open()];
    await raise(one);
    await one.close();
    await one.close();
    await expect(raise(one)).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(one.read(async () => 1)).rejects.toMatchObject({ code: 'database_unavailable' });
    await raise(other);
    expect((await countOf(other)).value).toBe(2);
  });

  it('may be closed before it was used', async () => {
    const state = (await make()).open();
    await state.close();
    await expect(raise(state)).rejects.toMatchObject({ code: 'database_unavailable' });
  });
}

function purityContract(make: MakePlace): void {
  describe('work that awaits something else', () => {
    const later = () => new Promise(resolve => setTimeout(resolve, 1));

    it('is refused, and nothing of it is kept', async () => {
      const state = (await make()).open();
      await raise(state, 'kept');
      let late: Promise<unknown> | undefined;
      const impure = state.write(async (tables, given) => {
        await tables.insertInto('entry').values(add(given, 'before')).execute();
        late = later().then(() => tables.insertInto('entry').values(add(given, 'after')).execute());
        await late;
      });
      await expect(impure).rejects.toMatchObject({ code: 'transaction_impure' });
      await expect(late).rejects.toMatchObject({ code: 'transaction_impure' });
      expect(await countOf(state)).toEqual({ value: 1, ids: ['kept'] });
    });

    it('is refused while reading, too', async () => {
      const state = (await make()).open();
      await raise(state);
      await expect(state.read(later)).rejects.toMatchObject({ code: 'transaction_impure' });
      expect((await countOf(state)).value).toBe(1);
    });

    it('finds the state taken away when it goes on after its end', async () => {
      const state = (await make()).open();
      const kept = await state.write(async tables => ({ tables }));
      const query = kept.tables.deleteFrom('counter');
      await expect(query.execute()).rejects.toMatchObject({ code: 'transaction_impure' });
      expect((await countOf(state)).value).toBe(0);
    });
  });
}
