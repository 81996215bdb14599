import { beforeAll, expect, test } from 'vitest';
import { environmentOf, prepareWiki, upload } from '../integration/round-trips-support.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { runFresh } from './fresh-process.ts';

let server: S3Server;
let environment: string;

beforeAll(async () => {
  server = await startS3Server();
  const wiki = await prepareWiki();
  await commitPage(wiki.repository, 'home.md', 'Home.\n');
  await upload(wiki, server);
  environment = JSON.stringify(environmentOf(server, wiki.repository.uuid, '/nonexistent'));
  return () => server.stop();
});

async function answered(...more: string[]): Promise<string[]> {
  const { report } = await runFresh('prefetch.child.ts', environment, ...more);
  expect(report).toMatchObject({ statusCode: 200, content: 'Home.\n' });
  return report.events;
}

test('the first request asks for the ledger before the code that understands it is loaded', async () => {
  const events = await answered();
  const asked = events.indexOf('GET ledger');
  expect(events.slice(0, asked)).toContain('load storage');
  expect(events.slice(asked)).toContain('load git');
  expect(events.filter(event => event === 'GET ledger')).toHaveLength(1);
});

test('init asks for nothing unless it is told to', async () => {
  const quiet = await answered();
  expect(quiet.indexOf('init')).toBeLessThan(quiet.indexOf('load storage'));
  const eager = await answered('prefetch');
  expect(eager.slice(eager.indexOf('init'))).toContain('GET ledger');
});
