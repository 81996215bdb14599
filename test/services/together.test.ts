import { expect, test } from 'vitest';
import { CLIENTS, SECONDS, writeTogether } from '../git-http/together/write-together.ts';
import { cephForTest } from '../support/ceph.ts';
import { kittiwake } from '../support/cli.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { serveWiki } from '../support/served-wiki.ts';

test('clients of git and of the API write into Ceph at the same time: nothing that was acknowledged is lost', {
  timeout: 120_000 + 10_000 * SECONDS,
}, async ctx => {
  needs(ctx, 'git');
  const ceph = cephForTest(ctx);
  const data = temporaryFolder();
  const env = {
    KITTIWAKE_DATA: data,
    KITTIWAKE_STORE: `s3://${await ceph.createBucket()}/wiki`,
    AWS_ENDPOINT_URL_S3: ceph.endpoint,
    AWS_ACCESS_KEY_ID: ceph.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
  };
  const wiki = await serveWiki(data, { env });
  await writeTogether(wiki, { clients: CLIENTS, pauseMs: 0, seconds: SECONDS });
  await wiki.stop();
  const doctor = await kittiwake(['doctor'], { env });
  expect([doctor.code, doctor.out]).toEqual([0, expect.stringMatching(/\nSound\n$/)]);
});
