export type ProfileName = 'aws' | 'ceph16';

/** In what the servers differ that a client can notice. */
export interface Profile {
  readonly name: ProfileName;
  /** Ceph 16 compares If-Match as it came: a quoted ETag never matches. */
  readonly matchesQuoted: boolean;
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
  /** Whether errors have a Message. */
  readonly hasMessages: boolean;
}

/** `aws` answers as AWS documents, `ceph16` as Ceph RGW 16.2 was seen to answer. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  aws: {
    name: 'aws',
    matchesQuoted: true,
    absentOnIfMatch: 'NoSuchKey',
    raceLost: 'ConditionalRequestConflict',
    hasAllConditions: true,
    tellsMultipartEtag: true,
    checksRegion: true,
    hasMessages: true,
  },
  ceph16: {
    name: 'ceph16',
    matchesQuoted: false,
    absentOnIfMatch: 'PreconditionFailed',
    raceLost: 'UnknownError',
    hasAllConditions: false,
    tellsMultipartEtag: false,
    checksRegion: false,
    hasMessages: false,
  },
};
