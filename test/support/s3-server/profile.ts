import { awsEncodePath } from './canonical-request.ts';

export type ProfileName = 'aws' | 'ceph16';

/** In what the servers differ that a client can notice. */
export interface Profile {
  readonly name: ProfileName;
  /** Ceph 16 compares the beginning of If-Match as it came: a quoted ETag never matches, a longer text does. */
  readonly matchesQuoted: boolean;
  /** Ceph 16 ignores `If-None-Match: *` for objects in a bucket with versioning: every creator wins. */
  readonly createsOverVersions: boolean;
  /** The refusal of If-Match on an absent key. */
  readonly absentOnIfMatch: 'NoSuchKey' | 'PreconditionFailed';
  /** What a loser of a race may get instead of 412. Either way it wrote nothing. */
  readonly raceLost: 'ConditionalRequestConflict' | 'UnknownError';
  /** Whether conditions are looked at on DeleteObject and CompleteMultipartUpload. */
  readonly hasAllConditions: boolean;
  /** Whether CompleteMultipartUpload tells the ETag of what it made. */
  readonly tellsMultipartEtag: boolean;
  /** Whether a signature for another region is refused. */
  readonly checksRegion: boolean;
  /** Whether a CompleteMultipartUpload that was carried out is answered alike when it comes again. */
  readonly repeatsComplete: boolean;
  /** Whether errors say more than their code and the bucket, 416 the size, and 304 the ETag. */
  readonly tellsDetails: boolean;
  /** Whether `If-None-Match: *` on a read matches anything. */
  readonly readsAsterisk: boolean;
  /** Whether the owner of a bucket may not create it again. */
  readonly refusesOwnBucket: boolean;
  /** How keys are written in lists with `encoding-type=url`. */
  encodeKey(key: string): string;
}

/** `aws` answers as AWS documents, `ceph16` as Ceph RGW 16.2 was seen to answer. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  aws: {
    name: 'aws',
    matchesQuoted: true,
    createsOverVersions: false,
    absentOnIfMatch: 'NoSuchKey',
    raceLost: 'ConditionalRequestConflict',
    hasAllConditions: true,
    tellsMultipartEtag: true,
    checksRegion: true,
    repeatsComplete: false,
    tellsDetails: true,
    readsAsterisk: true,
    refusesOwnBucket: true,
    encodeKey: key => awsEncodePath(key).replaceAll('%20', '+'),
  },
  ceph16: {
    name: 'ceph16',
    matchesQuoted: false,
    createsOverVersions: true,
    absentOnIfMatch: 'PreconditionFailed',
    raceLost: 'UnknownError',
    hasAllConditions: false,
    tellsMultipartEtag: false,
    checksRegion: false,
    repeatsComplete: true,
    tellsDetails: false,
    readsAsterisk: false,
    refusesOwnBucket: false,
    encodeKey: key => key.split('/').map(encodeURIComponent).join('/'),
  },
};
