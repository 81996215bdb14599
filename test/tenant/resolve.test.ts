import { expect, test } from 'vitest';
import { resolveTenant } from '../../src/tenant/resolve.ts';

const HOSTS = { kind: 'host', domain: 'wiki.example.org' } as const;
const PATHS = { kind: 'path', prefix: '/w' } as const;

function byHost(host: string | undefined, path = '/api/v1/pages') {
  return resolveTenant(HOSTS, { path, headers: host === undefined ? {} : { host } });
}

function byPath(path: string) {
  return resolveTenant(PATHS, { path, headers: { host: 'anna.wiki.example.org' } });
}

test.each([
  'anna.wiki.example.org',
  'ANNA.Wiki.Example.ORG',
  'anna.wiki.example.org:8443',
  'anna.wiki.example.org.',
  'anna.wiki.example.org.:443',
])('the host %s names a wiki', host => {
  expect(byHost(host)).toEqual({ name: 'anna', path: '/api/v1/pages' });
});

test.each([
  ['the domain itself', 'wiki.example.org'],
  ['two labels', 'a.anna.wiki.example.org'],
  ['an empty label', '.wiki.example.org'],
  ['two dots', 'anna..wiki.example.org'],
  ['two dots at the end', 'anna.wiki.example.org..'],
  ['another domain', 'anna.example.org'],
  ['a domain that ends alike', 'annawiki.example.org'],
  ['a domain that goes on', 'anna.wiki.example.org.evil.test'],
  ['an address', '127.0.0.1'],
  ['an address of version 6', '[::1]:8080'],
  ['IDNA', 'xn--bcher-kva.wiki.example.org'],
  ['an underscore', 'an_na.wiki.example.org'],
  ['a hyphen first', '-anna.wiki.example.org'],
  ['64 characters', `${'a'.repeat(64)}.wiki.example.org`],
  ['a user in front', 'x@anna.wiki.example.org'],
  ['a slash', 'anna/x.wiki.example.org'],
  ['an encoded dot', 'anna%2ewiki.example.org'],
  ['a port that is none', 'anna.wiki.example.org:80a'],
  ['two ports', 'anna.wiki.example.org:80:80'],
])('a host with %s names none', (_, host) => {
  expect(() => byHost(host)).toThrow(expect.objectContaining({ code: 'tenant_absent' }));
});

test.each([
  ['none', undefined],
  ['an empty one', ''],
  ['two', 'anna.wiki.example.org, bert.wiki.example.org'],
  ['two without a space', 'anna.wiki.example.org,bert.wiki.example.org'],
  ['a space', 'anna .wiki.example.org'],
  ['a tab', 'anna\t.wiki.example.org'],
  ['a letter beyond ASCII', 'ännä.wiki.example.org'],
  ['a NUL', 'anna\0.wiki.example.org'],
])('a request with %s for its host is refused', (_, host) => {
  expect(() => byHost(host)).toThrow(expect.objectContaining({ code: 'host_invalid' }));
});

test('what proxies say of the host is not looked at', () => {
  const headers = {
    host: 'anna.wiki.example.org',
    'x-forwarded-host': 'bert.wiki.example.org',
    forwarded: 'host=bert.wiki.example.org',
    'x-host': 'bert.wiki.example.org',
    'x-original-host': 'bert.wiki.example.org',
  };
  expect(resolveTenant(HOSTS, { path: '/api/v1/pages', headers }).name).toBe('anna');
});

test('a path names a wiki and goes on behind it', () => {
  expect(byPath('/w/anna/api/v1/pages/Home')).toEqual({ name: 'anna', path: '/api/v1/pages/Home' });
});

test.each([
  ['another prefix', '/x/anna/api/v1/pages'],
  ['a prefix that goes on', '/wx/anna/api/v1/pages'],
  ['nothing behind the name', '/w/anna'],
  ['nothing behind the prefix', '/w/'],
  ['the prefix alone', '/w'],
  ['no prefix', '/api/v1/pages'],
  ['an empty name', '/w//api/v1/pages'],
  ['a name in upper case', '/w/Anna/api/v1/pages'],
  ['an encoded slash', '/w/anna%2fx/api/v1/pages'],
  ['an encoded letter', '/w/%61nna/api/v1/pages'],
  ['dots', '/w/../w/anna/api/v1/pages'],
  ['encoded dots', '/w/%2e%2e/anna/api/v1/pages'],
  ['a backslash', '/w\\anna/api/v1/pages'],
  ['a parameter', '/w/anna;x=1/api/v1/pages'],
])('a path with %s names none', (_, path) => {
  expect(() => byPath(path)).toThrow(expect.objectContaining({ code: 'tenant_absent' }));
});

test('dots behind the name lead to no other wiki', () => {
  expect(byPath('/w/anna/../bert/api/v1/pages')).toEqual({ name: 'anna', path: '/../bert/api/v1/pages' });
});

test('without a prefix the first segment names a wiki', () => {
  const paths = { kind: 'path', prefix: '' } as const;
  expect(resolveTenant(paths, { path: '/anna/api/v1/pages', headers: {} })).toEqual({
    name: 'anna',
    path: '/api/v1/pages',
  });
  expect(resolveTenant(paths, { path: '/api/v1/health', headers: {} }).name).toBeUndefined();
});

test.each(['/api/v1/health', '/api/v1/openapi.json', '/api/v1/tenants', '/api/v1/tenants/anna/undelete'])(
  '%s is asked of the server itself',
  path => {
    expect(byHost('anna.wiki.example.org', path)).toEqual({ name: undefined, path });
    expect(byPath(path)).toEqual({ name: undefined, path });
  },
);

test.each([
  '/api/v1/tenantsx',
  '/api/v1/healthy',
  '/api/v1/health/',
  '/x/api/v1/tenants',
  '//api/v1/tenants',
])('%s is not', path => {
  expect(byHost('anna.wiki.example.org', path).name).toBe('anna');
});

test("the log of changes is the server's own on the domain, and beside the prefix", () => {
  const path = '/api/v1/audit';
  expect(byHost('wiki.example.org', path)).toEqual({ name: undefined, path });
  expect(byPath(path)).toEqual({ name: undefined, path });
  expect(byHost('anna.wiki.example.org', path).name).toBe('anna');
  expect(byPath(`/w/anna${path}`).name).toBe('anna');
});

test('where there is one wiki nothing names it', () => {
  const request = { path: '/w/anna/api/v1/pages', headers: { host: 'anna.wiki.example.org' } };
  expect(resolveTenant({ kind: 'none' }, request)).toEqual({ name: undefined, path: request.path });
});
