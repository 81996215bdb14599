import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { authInvalid, authMissing, crossSite, forbidden } from '../../src/auth/errors.ts';
import type { KittiwakeError } from '../../src/core/errors.ts';
import { challengeOf } from '../../src/http/challenge.ts';
import { startIssuer } from '../auth/jwt/issuer.ts';
import { openManyWikis } from '../tenant/many-wikis.ts';
import { openMcpWiki } from './mcp-wiki.ts';

const URL_OF_WIKI = 'https://wiki.example.org';
const SETTINGS = {
  KITTIWAKE_URL: URL_OF_WIKI,
  KITTIWAKE_JWT_ISSUER: 'https://id.example.org',
  KITTIWAKE_JWT_AUDIENCE: 'https://wiki.example.org/mcp',
};
const METADATA = '/.well-known/oauth-protected-resource';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

function post(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(LIST),
  });
}

describe('who has no token', () => {
  test('is told where one is to be had, as the official client reads it', async () => {
    const { url } = await openMcpWiki(SETTINGS);
    const refused = await post(url);
    expect(refused.status).toBe(401);
    const { resourceMetadataUrl } = extractWWWAuthenticateParams(refused);
    expect(resourceMetadataUrl?.href).toBe(`${URL_OF_WIKI}${METADATA}/mcp`);
    const through = (asked: string | URL) => fetch(String(asked).replace(URL_OF_WIKI, url));
    const options = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl };
    expect(
      await discoverOAuthProtectedResourceMetadata(`${URL_OF_WIKI}/mcp`, options, through as typeof fetch),
    ).toEqual({
      resource: 'https://wiki.example.org/mcp',
      authorization_servers: ['https://id.example.org'],
      bearer_methods_supported: ['header'],
      resource_name: 'Kittiwake',
    });
  });

  test('is asked for the scopes that grant rights, where the issuer tells them as scopes', async () => {
    const env = {
      ...SETTINGS,
      KITTIWAKE_JWT_GROUPS_CLAIM: 'scope',
      KITTIWAKE_AUTH_ROLES_WRITE: 'wiki:write',
    };
    const { url } = await openMcpWiki(env);
    const header = (await post(url)).headers.get('www-authenticate');
    expect(header).toBe(
      'Bearer resource_metadata="https://wiki.example.org/.well-known/oauth-protected-resource/mcp", scope="READ wiki:write UPLOAD"',
    );
    const { scopes_supported } = (await (await fetch(`${url}${METADATA}/mcp`)).json()) as Record<
      string,
      unknown
    >;
    expect(scopes_supported).toEqual(['READ', 'wiki:write', 'UPLOAD']);
  });

  test.each([
    ['no issuer is', { KITTIWAKE_URL: URL_OF_WIKI }],
    ['no address is', { ...SETTINGS, KITTIWAKE_URL: '' }],
  ])('learns nothing from Host where %s configured', async (_, env) => {
    const { url } = await openMcpWiki(env);
    expect((await post(url)).headers.get('www-authenticate')).toBe('Bearer');
    for (const path of [METADATA, `${METADATA}/mcp`]) {
      const absent = await fetch(`${url}${path}`);
      expect([absent.status, ((await absent.json()) as { code: string }).code]).toEqual([
        404,
        'issuer_unset',
      ]);
    }
  });
});

test('a token that cannot be right is told apart from one that may do too little', async () => {
  const resource = { resource: 'r', metadataUrl: 'm', issuer: 'i', scopes: ['READ'] };
  const challenge = (error: KittiwakeError) => challengeOf(error, '/mcp', async () => resource);
  const rest = 'resource_metadata="m", scope="READ"';
  expect(await challenge(authMissing())).toBe(`Bearer ${rest}`);
  expect(await challenge(authInvalid())).toBe(`Bearer error="invalid_token", ${rest}`);
  expect(await challenge(forbidden('read'))).toBe(`Bearer error="insufficient_scope", ${rest}`);
  expect(await challenge(crossSite())).toBeUndefined();
});

test('what is challenged is what its clients can answer', async () => {
  const { url } = await openMcpWiki(SETTINGS);
  const challenge = async (path: string) => {
    const { status, headers } = await fetch(`${url}${path}`);
    return [status, headers.get('www-authenticate')];
  };
  expect(await challenge('/api/v1/pages')).toEqual([401, 'Bearer']);
  expect(await challenge('/.git/info/refs?service=git-upload-pack')).toEqual([
    401,
    'Basic realm="Kittiwake", charset="UTF-8"',
  ]);
  expect(await challenge('/.git/nothing')).toEqual([404, null]);
});

test('a JWT for the MCP server counts beside those for the wiki, and none for another audience', async () => {
  const issuer = await startIssuer();
  const { url } = await openMcpWiki({
    KITTIWAKE_URL: URL_OF_WIKI,
    KITTIWAKE_JWT_ISSUER: issuer.url,
    KITTIWAKE_JWT_AUDIENCE: 'wiki https://wiki.example.org/mcp',
  });
  const status = async (aud: string | string[]) =>
    (await post(url, { authorization: `Bearer ${issuer.token({ aud, groups: ['READ'] })}` })).status;
  expect(await status('https://wiki.example.org/mcp')).toBe(200);
  expect(await status('wiki')).toBe(200);
  expect(await status(['other', 'wiki'])).toBe(200);
  for (const other of [
    'https://other.example.org/mcp',
    'https://wiki.example.org/',
    'https://wiki.example.org/mcp/x',
    'wiki https://wiki.example.org/mcp',
    '',
  ])
    expect(await status(other)).toBe(401);
});

test('what is wrong with the settings takes nothing from a refusal', async () => {
  const { url } = await openMcpWiki({ ...SETTINGS, KITTIWAKE_URL: 'wiki.example.org' });
  const refused = await post(url);
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
});

describe('among many wikis', () => {
  test.each([
    [
      'by host',
      'host:wiki.example.org',
      { host: 'anna.wiki.example.org' },
      'https://anna.wiki.example.org',
      '',
    ],
    ['by path', 'path:/w', {}, 'https://wiki.example.org/w/anna', '/w/anna'],
    ['by path without a prefix', 'path:', {}, 'https://wiki.example.org/anna', '/anna'],
  ])('%s each is told of as what it is', async (_, tenants, headers, address, base) => {
    const { create, send } = await openManyWikis({ env: { ...SETTINGS, KITTIWAKE_TENANTS: tenants } });
    await create('anna');
    const refused = await send({ method: 'POST', path: `${base}/mcp`, headers });
    expect(refused.headers['www-authenticate']).toBe(
      `Bearer resource_metadata="${address}/.well-known/oauth-protected-resource/mcp"`,
    );
    for (const path of [`${base}${METADATA}/mcp`, `${METADATA}${base}/mcp`]) {
      const { status, body } = await send({ path, headers });
      expect([status, body.resource]).toEqual([200, `${address}/mcp`]);
    }
  });
});
