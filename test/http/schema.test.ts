import { describe, expect, test } from 'vitest';
import { check } from '../../src/http/schema.ts';

const schema = {
  type: 'object',
  required: ['text', 'list'],
  properties: {
    text: { type: 'string' },
    list: {
      type: 'array',
      maxItems: 2,
      items: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    },
    kind: { type: ['string', 'null'], enum: ['a', 'b', null] },
    flag: { type: ['boolean', 'null'] },
  },
} as const;

const good = { text: '', list: [] };

describe('check', () => {
  test.each([
    good,
    { ...good, list: [{ n: 1 }], kind: 'a', flag: false, other: Symbol },
    { ...good, kind: null, flag: null },
  ])('lets %j through', value => {
    expect(check(schema, value)).toBeUndefined();
  });

  test.each([
    [{ list: [] }, { kind: 'missing', field: 'text' }],
    [
      { text: 1, list: [{}] },
      { kind: 'missing', field: 'list[0].n' },
    ],
    [{ text: 1 }, { kind: 'missing', field: 'list' }],
    [
      { ...good, text: 1 },
      { kind: 'wrong', message: 'text must be a string' },
    ],
    [
      { ...good, text: null },
      { kind: 'wrong', message: 'text must be a string' },
    ],
    [
      { ...good, text: '\ud800' },
      { kind: 'wrong', message: 'text must be valid Unicode, without lone surrogates' },
    ],
    [
      { ...good, kind: 'c' },
      { kind: 'wrong', message: 'kind must be "a" or "b"' },
    ],
    [
      { ...good, kind: 0 },
      { kind: 'wrong', message: 'kind must be a string' },
    ],
    [
      { ...good, flag: 'true' },
      { kind: 'wrong', message: 'flag must be true or false' },
    ],
    [
      { ...good, list: {} },
      { kind: 'wrong', message: 'list must be a list' },
    ],
    [
      { ...good, list: [1] },
      { kind: 'wrong', message: 'list[0] must be a JSON object' },
    ],
    [
      { ...good, list: [{ n: 1.5 }] },
      { kind: 'wrong', message: 'list[0].n must be a whole number' },
    ],
    [
      { ...good, list: [{ n: 1 }, { n: 2 }, { n: 3 }] },
      { kind: 'wrong', message: 'list must have at most 2 items' },
    ],
    [[], { kind: 'wrong', message: 'Request body must be a JSON object' }],
    ['text', { kind: 'wrong', message: 'Request body must be a JSON object' }],
  ])('refuses %j', (value, problem) => {
    expect(check(schema, value)).toEqual(problem);
  });

  test('refuses fields that are not known where there are to be no others', () => {
    const closed = {
      type: 'object',
      properties: { pages: { type: 'integer' } },
      additionalProperties: false,
    } as const;
    expect(check(closed, { pages: 1 })).toBeUndefined();
    expect(check(closed, { pages: 1, max_pages: 5 })).toEqual({
      kind: 'wrong',
      message: "Request body has an unknown field 'max_pages', wanted pages",
    });
  });

  test('does not take inherited fields for those of the body', () => {
    expect(check(schema, Object.create(good))).toEqual({ kind: 'missing', field: 'text' });
  });
});
