import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/projection/search-query.ts';
import { snippetOf } from '../../src/projection/snippet.ts';

const snippet = (query: string, body: string) => snippetOf(parseQuery(query), body, body.toLowerCase());

describe('snippetOf', () => {
  it('shows 50 characters before the match and 150 after it, and says where it is cut', () => {
    const body = `${'x'.repeat(60)}Hit${'y'.repeat(160)}`;
    expect(snippet('hit', body)).toBe(`...${'x'.repeat(50)}Hit${'y'.repeat(150)}...`);
  });

  it('says nothing of a cut where there is none', () => {
    const body = `${'x'.repeat(50)}Hit${'y'.repeat(150)}`;
    expect(snippet('hit', body)).toBe(body);
  });

  it('trims the window, not the marks', () => {
    const body = `start${' '.repeat(50)}hit${' '.repeat(150)}end`;
    expect(snippet('hit', body)).toBe('...hit...');
  });

  it('prefers the whole query, then the first term, and then has none', () => {
    const body = `b ${'-'.repeat(300)} a ${'-'.repeat(300)} a b`;
    expect(snippet('a b', body)).toMatch(/^\.\.\.-+ a b$/);
    expect(snippet('a c', body)).toMatch(/^\.\.\.-+ a -+\.\.\.$/);
    expect(snippet('c b', body)).toBe('');
  });

  it('counts characters beyond the first plane as one', () => {
    const body = `${'🙂'.repeat(60)}hit${'🙂'.repeat(160)}`;
    expect(snippet('HIT', body)).toBe(`...${'🙂'.repeat(50)}hit${'🙂'.repeat(150)}...`);
  });

  it('finds its place behind letters that are longer in lower case', () => {
    const body = `${'İ'.repeat(60)}hit${'İ'.repeat(160)}`;
    expect(snippet('hit', body)).toBe(`...${'İ'.repeat(50)}hit${'İ'.repeat(150)}...`);
  });

  it('shows the text as it was written', () => {
    expect(snippet('οδος', 'Η ΟΔΟΣ μου')).toBe('Η ΟΔΟΣ μου');
  });
});
