import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createCloudFrontInvalidator } from '../../../src/projection/site/cloudfront.ts';

interface Taken {
  path: string | undefined;
  body: string;
}

/** Answers CreateInvalidation as CloudFront does, with the given statuses one after another, then 201. */
async function cloudFront(statuses: number[] = []) {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      taken.push({ path: request.url, body });
      const status = statuses.shift() ?? 201;
      response.writeHead(status, { 'content-type': 'text/xml' }).end(status === 201 ? TAKEN : REFUSED);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  return { taken, invalidator: createCloudFrontInvalidator('E1', { endpoint, credentials }) };
}

const TAKEN = `<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id><Status>InProgress</Status><CreateTime>2026-11-22T00:00:00Z</CreateTime><InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths><CallerReference>r</CallerReference></InvalidationBatch></Invalidation>`;
const REFUSED = `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`;

const pathsOf = ({ body }: Taken) => [...body.matchAll(/<Path>(.*?)<\/Path>/g)].map(([, path]) => path);

test('both paths of an object are named: that of readers, and that of its key', async () => {
  const { taken, invalidator } = await cloudFront();
  await invalidator.invalidate(['docs/a b', ''], 'reference-1');
  const [only] = taken;
  if (only === undefined) throw new Error('nothing was sent');
  expect(only.path).toMatch(/\/distribution\/E1\/invalidation$/);
  expect(only.body).toContain('<CallerReference>reference-1</CallerReference>');
  expect(pathsOf(only)).toEqual(['/', '/docs/a%20b', '/p/.html', '/p/docs/a=20b.html']);
});

test('many paths are one', async () => {
  const { taken, invalidator } = await cloudFront();
  await invalidator.invalidate(
    Array.from({ length: 51 }, (_, index) => `page ${index}`),
    'reference-2',
  );
  expect(taken.map(pathsOf)).toEqual([['/*']]);
});

test('nothing is sent when nothing has changed', async () => {
  const { taken, invalidator } = await cloudFront();
  await invalidator.invalidate([], 'reference-3');
  expect(taken).toEqual([]);
});

test('a failure of the service is tried again under the same reference', async () => {
  const { taken, invalidator } = await cloudFront([500]);
  await invalidator.invalidate(['a'], 'reference-4');
  expect(taken).toHaveLength(2);
  expect(taken[1]?.body).toBe(taken[0]?.body);
});

test('a refusal is told with the name of the distribution', async () => {
  const { invalidator } = await cloudFront([403]);
  await expect(invalidator.invalidate(['a'], 'reference-5')).rejects.toMatchObject({
    code: 'invalidation_failed',
    message: 'Telling the distribution "E1" what has changed: AccessDenied',
  });
});
