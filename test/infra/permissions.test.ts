import { expect, test } from 'vitest';
import { DEPLOYED } from '../support/cloudformation.ts';
import { refusedRequests } from '../support/s3-permissions.ts';
import { rawClient, s3ServerForTest } from '../support/s3-server.ts';
import { synthesise } from './synth.ts';

const UUID = DEPLOYED.stackUuid.replaceAll('-', '');
const { template, all } = synthesise();

/** The stack as if its bucket were that of the server. */
const names = { ...DEPLOYED, physical: { [all('AWS::S3::Bucket')[0]?.[0] ?? '']: 'wikis' } };

const refused = (name: string, requests: Parameters<typeof refusedRequests>[2]) => {
  const id = all('AWS::Lambda::Function').find(([each]) => each.startsWith(`Functions${name}`))?.[0] ?? '';
  return refusedRequests(template, id, requests, names);
};

test('requests of a write are allowed, a put without a condition and a deletion are not', async () => {
  const server = await s3ServerForTest();
  const send = rawClient(server);
  const ledger = `ledger/${UUID}`;
  await send('PUT', ledger, { headers: { 'if-none-match': '*' } });
  await send('GET', ledger);
  await send('PUT', `packs/${UUID}/a.pack`);
  await send('GET', '', { path: '/wikis', query: { 'list-type': '2', prefix: 'raw/' } });
  expect(refused('Api', server.requests.all)).toEqual([]);
  server.requests.clear();
  await send('PUT', ledger);
  await send('DELETE', `packs/${UUID}/a.pack`);
  await send('GET', '', { path: '/wikis', query: { uploads: '' } });
  expect(refused('Api', server.requests.all)).toEqual([
    `PutObject needs s3:PutObject on arn:aws:s3:::wikis/${ledger}`,
    `DeleteObject needs s3:DeleteObject on arn:aws:s3:::wikis/packs/${UUID}/a.pack`,
    'ListMultipartUploads needs s3:ListBucketMultipartUploads on arn:aws:s3:::wikis',
  ]);
  expect(refused('Project', server.requests.all)).toEqual([
    `PutObject needs s3:PutObject on arn:aws:s3:::wikis/${ledger}`,
  ]);
});

test('the parts of an upload need no condition', async () => {
  const server = await s3ServerForTest();
  const send = rawClient(server);
  await send('POST', `packs/${UUID}/b.pack`, { query: { uploads: '' } });
  await send('PUT', `packs/${UUID}/b.pack`, { query: { uploadId: 'x', partNumber: '1' } });
  await send('DELETE', `packs/${UUID}/b.pack`, { query: { uploadId: 'x' } });
  expect(refused('Import', server.requests.all)).toEqual([]);
});

test('a conditional put needs the right to read', () => {
  const request = {
    operation: 'PutObject',
    bucket: 'wikis',
    key: 'imports/a.bundle.result.json',
    headers: { 'if-none-match': '*' },
  };
  expect(refused('Import', [request])).toEqual([]);
  expect(refused('Api', [request])).toEqual([
    'PutObject needs s3:PutObject on arn:aws:s3:::wikis/imports/a.bundle.result.json',
    'PutObject needs s3:GetObject on arn:aws:s3:::wikis/imports/a.bundle.result.json',
  ]);
});
