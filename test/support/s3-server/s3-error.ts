import { textElement, xmlDocument } from './xml.ts';

const STATUSES = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  ConditionalRequestConflict: 409,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidToken: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingSecurityHeader: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  UnknownError: 500,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof STATUSES;

/** A refusal, as S3 words it. `fields` become elements of the answer beside Code and Message. */
export class S3Error extends Error {
  readonly code: S3ErrorCode;
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: S3ErrorCode,
    message: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.code = code;
    this.status = STATUSES[code];
    this.fields = fields;
    this.headers = headers;
  }
}

/** The body of an error answer; without details the Message is empty and only the bucket is named. */
export function errorXml(error: S3Error, requestId: string, hasDetails: boolean): Buffer {
  const { BucketName } = error.fields;
  const fields = {
    Code: error.code,
    Message: hasDetails ? error.message : '',
    ...(hasDetails ? error.fields : { ...(BucketName === undefined ? {} : { BucketName }) }),
    RequestId: requestId,
    HostId: 'test',
  };
  const content = Object.entries(fields).map(([name, value]) => textElement(name, value));
  return xmlDocument('Error', content, '');
}
