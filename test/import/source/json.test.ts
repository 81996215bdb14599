import { describe, expect, it } from 'vitest';
import { openTable, type TableOptions } from '../../../src/import/source/open-source.ts';
import { byRow, memoryFile, readThrough } from './memory-file.ts';

async function read(text: string | Uint8Array, options?: TableOptions) {
  return byRow(await readThrough(await openTable(memoryFile(text), options)));
}

describe('an NDJSON source', () => {
  it('reads an object a line, with the types of JSON', async () => {
    const text = '{"path":"a","n":1.5,"ok":true,"none":null,"list":[1,{"x":"y"}]}\n{"path":"b"}';
    expect(await read(text)).toEqual({
      1: { path: 'a', n: 1.5, ok: true, none: null, list: [1, { x: 'y' }] },
      2: { path: 'b' },
    });
  });

  it('passes over blank lines, which count, and takes CRLF', async () => {
    expect(await read('{"a":1}\r\n\r\n  \n{"a":2}\r\n')).toEqual({ 1: { a: 1 }, 4: { a: 2 } });
  });

  it('tells lines that are no objects by their number, and goes on', async () => {
    const nested = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`;
    const lines = [
      '{"a":1}',
      '{"a":',
      '[1]',
      'null',
      '{"x":{"__proto__":1}}',
      '{"\\u005f_proto__":1}',
      nested,
      '{"a":"\\ud800"}',
      '{"a":2}',
    ];
    const found = await read(lines.join('\n'));
    expect(found).toMatchObject({ 1: { a: 1 }, 9: { a: 2 } });
    expect(Object.values(found).filter(value => value === 'json_invalid')).toHaveLength(7);
  });

  it('goes on behind a line above the bound', async () => {
    const text = `{"a":1}\n{"a":"${'x'.repeat(5000)}"}\n{"a":3}\n`;
    expect(await read(text, { maxRowBytes: 100 })).toEqual({ 1: { a: 1 }, 2: 'row_too_large', 3: { a: 3 } });
  });

  it('never tells what a line holds', async () => {
    const { failures } = await readThrough(await openTable(memoryFile('{"a":1}\n{"password: secret\n')));
    expect(failures).toHaveLength(1);
    expect(JSON.stringify(failures)).not.toContain('secret');
  });

  it.each([1, 2, 3, 7, 50])('yields the same rows in %i parts', async most => {
    const lines = Array.from({ length: 40 }, (_, n) =>
      n % 7 === 3 ? '' : `{"n":${n},"x":"${'y'.repeat(n)}"}`,
    );
    const source = await openTable(memoryFile(`\ufeff${lines.join('\n')}`));
    const parts = (await source.parts?.(most)) ?? [];
    expect(parts.length).toBeLessThanOrEqual(most);
    expect(parts.length).toBeGreaterThanOrEqual(Math.min(most, 20));
    const read = [];
    for (const part of parts) read.push(...(await readThrough(source, part)).rows);
    expect(read).toEqual((await readThrough(source)).rows);
    expect(read).toHaveLength(34);
  });
});

describe('an array of JSON', () => {
  it('is read element by element, however it is laid out', async () => {
    const text = ' [\n  {\n "a": "x,]}\\"\\\\",\r\n "b": [1,\n2]},{"a":2} ,\n{"a":3}\n]\n\n';
    expect(await read(text)).toEqual({ 1: { a: 'x,]}"\\', b: [1, 2] }, 2: { a: 2 }, 3: { a: 3 } });
  });

  it('may be empty', async () => {
    expect(await read('[]')).toEqual({});
  });

  it('tells elements that are wrong, and goes on', async () => {
    const text = '[{"a":1}, 5, {"a": "x\ny"}, {"a" 1}, {"a":5}]';
    expect(await read(text)).toMatchObject({
      1: { a: 1 },
      2: 'json_invalid',
      3: 'json_invalid',
      4: 'json_invalid',
      5: { a: 5 },
    });
  });

  it.each(['[{"a":1}', '[{"a":1},', '[{"a":1},{"a":', '[{"a":1}] x'])(
    'is refused when it is %j',
    async text => {
      await expect(read(text)).rejects.toMatchObject({ code: 'source_corrupt' });
    },
  );

  it('goes on behind an element above the bound', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(5000) });
    const options = { maxRowBytes: 100 };
    expect(await read(`[{"a":1},${large},{"a":3}]`, options)).toEqual({
      1: { a: 1 },
      2: 'row_too_large',
      3: { a: 3 },
    });
    expect(await read(`[{"a":1},${large}]  \n`, options)).toEqual({ 1: { a: 1 }, 2: 'row_too_large' });
    await expect(read(`[{"a":1},${large}`, options)).rejects.toMatchObject({ code: 'source_corrupt' });
  });
});
