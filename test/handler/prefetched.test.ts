import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, test } from 'vitest';
import { buffered, createApi } from '../../src/handler/api.ts';
import { KEY } from '../integration/round-trips-support.ts';
import { type FunctionBed, functionBed } from './queue-support.ts';

const HOUR_MS = 3_600_000;

/** An environment of the API function whose init has just ended. */
function initialised({ environment, runtime }: FunctionBed) {
  const env = { ...environment(), KITTIWAKE_PREFETCH: 'true' };
  const handler = buffered(createApi({ env, runtime, write: () => {} }));
  return async (method: string, page: string, body?: object) => {
    const event = {
      rawPath: `/api/v1/pages/${page}`,
      rawQueryString: '',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      requestContext: { domainName: 'x.lambda-url.eu-central-1.on.aws', stage: '$default', http: { method } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    } as unknown as APIGatewayProxyEventV2;
    const answer = await handler(event, { getRemainingTimeInMillis: () => 10_000 });
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '{}') };
  };
}

const readings = ({ server, uuid }: FunctionBed) =>
  server.requests.of('GetObject').filter(({ key, status }) => key === `ledger/${uuid}` && status !== 0);

/** Resolves when the ledger has been read in advance `count` times, whatever came of it. */
async function readInAdvance(bed: FunctionBed, count = 1): Promise<void> {
  await expect
    .poll(() => readings(bed).length, { timeout: 10_000, interval: 5 })
    .toBeGreaterThanOrEqual(count);
}

async function bedWithPage() {
  const bed = await functionBed();
  const others = await bed.open().wiki();
  await others.putPage({ path: 'Home', content: 'old\n' }, {});
  const { revision } = (await others.readPage('Home')).body;
  bed.server.requests.clear();
  return { bed, others, revision };
}

test('what others wrote while the function was frozen after init is seen by its first reader', async () => {
  const { bed, others, revision } = await bedWithPage();
  const ask = initialised(bed);
  await readInAdvance(bed);
  await others.putPage({ path: 'Home', content: 'new\n', revision }, {});
  bed.pass(HOUR_MS);
  expect((await ask('GET', 'Home')).body.content).toBe('new\n');
});

test('its first writer loses nothing of that, and is held to it', async () => {
  const { bed, others, revision } = await bedWithPage();
  const ask = initialised(bed);
  await readInAdvance(bed);
  await others.putPage({ path: 'Home', content: 'new\n', revision }, {});
  bed.pass(HOUR_MS);
  expect((await ask('PUT', 'Home', { content: 'mine\n', revision })).status).toBe(409);
  expect((await ask('PUT', 'Mine', { content: 'mine\n' })).status).toBe(201);
  expect((await ask('GET', 'Home')).body.content).toBe('new\n');
});

test('a reading in advance that is refused does no harm: the first request asks again', async () => {
  const { bed } = await bedWithPage();
  bed.server.switches.permissions = () => false;
  const ask = initialised(bed);
  await readInAdvance(bed);
  bed.server.switches.permissions = () => true;
  expect(await ask('GET', 'Home')).toMatchObject({ status: 200, body: { content: 'old\n' } });
});
