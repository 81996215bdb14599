import { createHash, randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import type { S3Core } from './core.ts';
import { operationOf } from './operations.ts';
import { verifiedPayload } from './payload.ts';
import type { Answer, S3Request } from './request.ts';
import { errorXml, S3Error } from './s3-error.ts';
import { verifySignature } from './signature.ts';

/** An answer, and the code of the error that it tells. */
export type Answered = Answer & { code?: string };

let requestIds = 0;

/** Checks and answers one request, in one step: nothing else happens in between. */
export function answerRequest(core: S3Core, request: S3Request): Answered {
  try {
    return operationOf(request).run(callOf(core, request));
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(core, error);
    console.error(error);
    return errorAnswer(core, new S3Error('InternalError', String(error)));
  }
}

/** The answer that tells an error. */
export function errorAnswer({ profile }: Pick<S3Core, 'profile'>, error: S3Error): Answered {
  requestIds += 1;
  const requestId = `request-${requestIds}`;
  return {
    status: error.status,
    headers: {
      'content-type': 'application/xml',
      'x-amz-request-id': requestId,
      ...(profile.tellsDetails ? error.headers : {}),
    },
    body: errorXml(error, requestId, profile.tellsDetails),
    code: error.code,
  };
}

function callOf(core: S3Core, request: S3Request): Call {
  const { profile, region, credentials, switches, state, minPartBytes } = core;
  const rules = { credentials, region, checksRegion: profile.checksRegion, nowMs: switches.now() };
  const verified = verifySignature(rules, request);
  const { accessKeyId } = verified.signer;
  const { ignoresConditions, raceProbability, random } = switches;
  return {
    ...{ profile, ignoresConditions, raceProbability, random },
    ...{ request, state, region, minPartBytes },
    ...verifiedPayload(request, verified),
    etagOf: bytes => etagOf(bytes, switches.etags),
    may: (action, key) => switches.permissions({ accessKeyId, action, bucket: request.bucket, key }),
  };
}

function etagOf(bytes: Buffer, kind: 'content' | 'unique'): string {
  const hash = createHash('md5').update(bytes);
  return (kind === 'unique' ? hash.update(randomUUID()) : hash).digest('hex');
}
