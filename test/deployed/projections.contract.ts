import { expect, onTestFinished, test } from 'vitest';
import { siteKey } from '../../src/projection/site/site-key.ts';
import { isSigned, type Receiver, startReceiver } from '../projection/webhook/receiver.ts';
import { type MailServer, startMailServer } from '../support/smtp-server.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import type { OpenPlace } from './support/s3-place.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org', password: 'correct horse' };
const BASIC = `Basic ${Buffer.from(`${ANNA.email}:${ANNA.password}`).toString('base64')}`;
const ADMIN = 'admin@example.org';
/** Of the page that is hidden in the end. */
const WORD = 'albatross';

/** What follows from commits, led on by the events of S3, as in AWS. */
export function projectionContract(open: OpenPlace): void {
  test('what is written is published, found, rendered, mailed and told; what is hidden is gone', async ctx => {
    const { mails, receiver, environment } = await receivers();
    const deployment = await deploy(ctx, open, { environment });
    const { api } = deployment;
    const secret = await askToBeTold(deployment, receiver);
    await api.write('Home', '# Welcome\n\na **gull** and [[Docs/Bird]]\n');
    await api.write('Docs/Bird', `# Bird\n\nthe ${WORD}\n`);
    await leadOn(deployment);
    expect(await published(deployment, '')).toMatchObject({
      status: 200,
      text: expect.stringContaining('<strong>gull</strong>'),
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'public, max-age=60' },
    });
    expect((await api.call('GET', `/search?mode=ranked&q=${WORD}`)).body.total).toBe(1);
    await expectKeptRendering(deployment);
    const told = receiver.received.map(({ text }) => JSON.parse(text).path.toLowerCase());
    expect(told.sort()).toEqual(['docs/bird', 'home']);
    expect(receiver.received.map(each => isSigned(each, secret))).toEqual([true, true]);
    expect(mails.received.map(({ to, from }) => [...to, from])).toEqual(
      Array(2).fill([ANNA.email, 'wiki@example.org']),
    );
    expect(await keysWith(deployment, WORD)).not.toEqual([]);
    expect((await api.call('PUT', '/policy/rules/Docs/Bird', { read: [] })).status).toBe(200);
    await leadOn(deployment);
    expect(await keysWith(deployment, WORD)).toEqual([]);
  });

  test('an import that fails is mailed to who administers, by the schedule', async ctx => {
    const { mails, environment } = await receivers();
    const deployment = await deploy(ctx, open, { environment });
    const { notify, place, queues, functions, runSchedule } = deployment;
    const made = await place.send('PUT', 'imports/bad.bundle', { body: 'PK' });
    notify('imports/bad.bundle', { etag: String(made.headers.etag) });
    await queues.find(({ functionId }) => functionId === functions.import.logicalId)?.queue.settled();
    expect(mails.received).toEqual([]);
    // The first run finds out who administers, the second one writes to each.
    for (let run = 0; run < 2; run += 1) expect((await runSchedule()).error).toBeUndefined();
    expect(mails.received.map(({ to, headers }) => [...to, headers.get('subject')])).toEqual([
      [ADMIN, expect.stringContaining('An import failed')],
    ]);
  });
}

/** A mail server and a receiver of webhooks on this host, and the settings of functions that reach them. */
async function receivers(): Promise<{
  mails: MailServer;
  receiver: Receiver;
  environment: Record<string, string>;
}> {
  const mails = await startMailServer();
  onTestFinished(() => mails.stop());
  const environment = {
    KITTIWAKE_READ_ACCESS: 'ANONYMOUS',
    KITTIWAKE_SITE: 'true',
    KITTIWAKE_MAIL: 'smtp',
    KITTIWAKE_MAIL_SENDER: 'Wiki <wiki@example.org>',
    KITTIWAKE_MAIL_SERVER: '127.0.0.1',
    KITTIWAKE_MAIL_PORT: String(mails.port),
    KITTIWAKE_MAIL_USE_TLS: 'false',
    KITTIWAKE_ADMIN_EMAIL: ADMIN,
    KITTIWAKE_WEBHOOK_ALLOW: '127.0.0.1',
  };
  return { mails, receiver: await startReceiver(), environment };
}

/** A user who watches the wiki, and a webhook. @returns the secret of the webhook */
async function askToBeTold({ api, runSchedule }: Deployment, receiver: Receiver): Promise<string> {
  // What was written before their first run is told to nobody.
  expect((await runSchedule()).error).toBeUndefined();
  expect((await api.call('POST', '/users', ANNA)).status).toBe(201);
  const watched = await api.call('PUT', '/watches/wiki', undefined, { authorization: BASIC });
  expect(watched.status).toBeLessThan(300);
  const { status, body } = await api.call('POST', '/webhooks', { url: receiver.url });
  expect(status).toBe(201);
  return body.secret;
}

async function leadOn({ notify, uuid, queues, functions }: Deployment): Promise<void> {
  expect(notify(`ledger/${uuid}`)).toBe(1);
  const found = queues.find(({ functionId }) => functionId === functions.project.logicalId);
  await found?.queue.settled();
  expect(found?.queue.deadLetters).toEqual([]);
  expect(functions.project.pool.log.filter(line => line.includes('"failed"'))).toEqual([]);
}

function published({ place, uuid }: Deployment, url: string) {
  return place.send('GET', `site/${uuid}/${siteKey(url)}`);
}

/** The site has compiled the page: an API that has just started compiles nothing. */
async function expectKeptRendering({ api, functions }: Deployment): Promise<void> {
  await functions.api.pool.recycle();
  const { requests } = functions.api.network;
  const before = requests.length;
  const shown = await api.send('GET', '/pages/Home?format=html');
  expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining('<strong>gull</strong>')]);
  const asked = requests.slice(before).filter(({ key }) => key.startsWith('render/'));
  expect(asked.map(({ operation, status }) => [operation, status])).toEqual([['GetObject', 200]]);
}

/** Of all that anybody may see, what holds a word. */
async function keysWith({ place, bucket, uuid }: Deployment, word: string): Promise<string[]> {
  const query = { 'list-type': '2', prefix: `site/${uuid}/` };
  const { text } = await place.send('GET', '', { path: `/${bucket}`, query });
  const keys = [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
  const holding = await Promise.all(
    keys.map(async key => (await place.send('GET', key)).text.toLowerCase().includes(word)),
  );
  return keys.filter((_, at) => holding[at]);
}
