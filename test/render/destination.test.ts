import { expect, test } from 'vitest';
import { linkDestination, pageDestination, sourceDestination } from '../../src/render/destination.ts';

test('an address of another site stays as it is', () => {
  for (const url of ['https://x.y/z?a=b#c', 'HTTP://x.y', 'mailto:a@b.c', 'tel:+1'])
    expect(linkDestination(url)).toEqual({ kind: 'elsewhere', url });
});

test('an address that names a host without a scheme leads to another site, whichever way its slashes lean', () => {
  for (const url of ['//x.y/z', '\\\\x.y/z', '/\\x.y/z', '\\/x.y/z', '/\t/x.y/z', ' ///x.y/z'])
    expect(linkDestination(url)).toEqual({ kind: 'elsewhere', url: '//x.y/z' });
});

test('an address with another scheme is none, however it is written', () => {
  for (const url of [
    'javascript:x',
    ' JaVaScript:x',
    'java\nscript:x',
    '\u0001javascript:x',
    'data:x',
    'vbscript:x',
    'file:///x',
    'blob:x',
  ])
    expect(linkDestination(url)).toBeUndefined();
});

test('all else leads to the wiki', () => {
  expect(linkDestination('../a b.md#c')).toEqual({ kind: 'here', target: '../a b.md#c' });
  expect(linkDestination('/a:b')).toEqual({ kind: 'here', target: '/a:b' });
  expect(linkDestination('')).toEqual({ kind: 'here', target: '' });
  expect(linkDestination('#a')).toEqual({ kind: 'anchor', anchor: 'a' });
});

test('the name of a page is never an address', () => {
  expect(pageDestination('javascript:x')).toEqual({ kind: 'here', target: '/javascript:x' });
  expect(pageDestination('//x.y')).toEqual({ kind: 'here', target: '/x.y' });
  expect(pageDestination('/\t\\x.y')).toEqual({ kind: 'here', target: '/x.y' });
});

test('pictures come from sites, from the wiki, or are themselves in the address', () => {
  expect(sourceDestination('https://x.y/a.png')).toEqual({ kind: 'elsewhere', url: 'https://x.y/a.png' });
  expect(sourceDestination('data:image/PNG;base64,iVBORw0=')).toMatchObject({ kind: 'elsewhere' });
  expect(sourceDestination('./a.png')).toEqual({ kind: 'here', target: './a.png' });
  for (const url of [
    'data:image/svg+xml;base64,AA',
    'data:image/png,x',
    'data:text/html;base64,AA',
    'mailto:a@b',
    'ftp://x/a.png',
    '#a',
  ])
    expect(sourceDestination(url)).toBeUndefined();
});
