import { S3Error } from './s3-error.ts';

export interface ServerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** When given, requests must carry it. */
  sessionToken?: string;
}

/** What a signature is checked against. */
export interface SignatureRules {
  credentials: readonly ServerCredentials[];
  region: string;
  /** Whether a signature for another region is refused. */
  checksRegion: boolean;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** The credentials behind a credential scope such as `AKID/20130524/us-east-1/s3/aws4_request`. */
export interface Signer extends ServerCredentials {
  /** The region that the signature names. */
  signedRegion: string;
  day: string;
}

const MAX_SKEW_MS = 15 * 60_000;

/** @throws S3Error for an unknown key, another region, a wrong session token, a malformed scope */
export function findSigner(rules: SignatureRules, scope: string, sessionToken: string | undefined): Signer {
  const [accessKeyId, day, signedRegion, service, end, ...rest] = scope.split('/');
  if (service !== 's3' || end !== 'aws4_request' || rest.length > 0 || !/^\d{8}$/.test(day ?? '')) {
    throw new S3Error('AuthorizationHeaderMalformed', `The credential "${scope}" is malformed`);
  }
  const found = rules.credentials.find(each => each.accessKeyId === accessKeyId);
  if (found === undefined) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new S3Error('InvalidAccessKeyId', message, { AWSAccessKeyId: accessKeyId ?? '' });
  }
  if (found.sessionToken !== sessionToken) {
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  if (rules.checksRegion && signedRegion !== rules.region)
    throw otherRegion(signedRegion ?? '', rules.region);
  return { ...found, signedRegion: signedRegion ?? '', day: day ?? '' };
}

/** Milliseconds of `20130524T000000Z`. @throws S3Error `AccessDenied` */
export function parseTimestamp(timestamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null) throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date');
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** @throws S3Error `RequestTimeTooSkewed` when the two clocks are more than 15 minutes apart */
export function checkClock(rules: SignatureRules, timestamp: string): void {
  if (Math.abs(rules.nowMs - parseTimestamp(timestamp)) <= MAX_SKEW_MS) return;
  throw new S3Error(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    {
      RequestTime: timestamp,
      ServerTime: new Date(rules.nowMs).toISOString(),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  );
}

function otherRegion(signed: string, wanted: string): S3Error {
  return new S3Error(
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; the region '${signed}' is wrong; expecting '${wanted}'`,
    { Region: wanted },
  );
}
