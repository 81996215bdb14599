import { onTestFinished, type TestContext } from 'vitest';
import { cephForTest } from '../../support/ceph.ts';
import { FUNCTION_REGION } from '../../support/lambda/function-process.ts';
import type { ServerCredentials } from '../../support/s3-server/credentials.ts';
import { type S3ServerOptions, startS3Server } from '../../support/s3-server/server.ts';
import type { S3Target } from '../../support/s3-server/signed-request.ts';
import { enableVersioning, rawClient, type SendRaw } from '../../support/s3-server.ts';

/** An S3 server with the bucket of a stack. */
export interface S3Place extends Omit<S3Target, 'agent'> {
  /** What the platform gives a function: on AWS they come with a session token. */
  roleCredentials: ServerCredentials;
  /** One request for an object of the bucket, as somebody with all rights sends it. */
  send: SendRaw;
}

/** Makes the bucket of one test. */
export type OpenPlace = (ctx: TestContext, bucket: string) => Promise<S3Place>;

const DEPLOYER: ServerCredentials = {
  accessKeyId: 'AKIADEPLOYER00000000',
  secretAccessKey: 'secret-of-deployer',
};
const ROLE: ServerCredentials = {
  accessKeyId: 'ASIAFUNCTIONROLE0000',
  secretAccessKey: 'secret-of-role',
  sessionToken: 'FwoGZXIvYXdzEXAMPLE/token+of==',
};

/** The small server, with a bucket that keeps versions, as the deployed one does. */
export function onSmallServer(options: S3ServerOptions = {}): OpenPlace {
  return async (_, bucket) => {
    const credentials = [DEPLOYER, ROLE];
    const server = await startS3Server({
      buckets: [bucket],
      region: FUNCTION_REGION,
      credentials,
      ...options,
    });
    onTestFinished(() => server.stop());
    await enableVersioning(rawClient(server), bucket);
    const { endpoint, region } = server;
    return placeOf({ endpoint, region, credentials: DEPLOYER, roleCredentials: ROLE }, bucket);
  };
}

/** Ceph. Its bucket keeps no versions: with them this one would ignore `If-None-Match`. */
export const onCeph: OpenPlace = async (ctx, bucket) => {
  const { endpoint, accessKeyId, secretAccessKey, request } = cephForTest(ctx);
  const { status, body } = await request('PUT', `/${bucket}`);
  if (status !== 200) throw new Error(`cannot create a bucket: ${status} ${body}`);
  const credentials = { accessKeyId, secretAccessKey };
  const target = { endpoint, region: FUNCTION_REGION, credentials, roleCredentials: credentials };
  return placeOf(target, bucket);
};

function placeOf(target: Omit<S3Place, 'send'>, bucket: string): S3Place {
  const send = rawClient(target);
  return {
    ...target,
    send: (method, key, wanted = {}) => send(method, key, { path: `/${bucket}/${key}`, ...wanted }),
  };
}
