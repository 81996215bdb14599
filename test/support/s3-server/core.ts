import type { ServerCredentials } from './credentials.ts';
import type { Detached } from './detached.ts';
import type { FaultPlan, FaultRequest } from './faults.ts';
import type { Profile } from './profile.ts';
import type { RequestLog, RequestRecord } from './request-log.ts';
import type { S3State } from './state.ts';

/** What somebody wants to do: an action of IAM such as `s3:PutObject`; the key is empty for a bucket. */
export interface Asked {
  accessKeyId: string;
  action: string;
  bucket: string;
  key: string;
}

/** What can be changed while the server runs. */
export interface S3Switches {
  /** From arrival to answer; the effect is in the middle. Default: 0. */
  latencyMs: number | ((request: FaultRequest) => number);
  /** Default: nothing goes wrong. */
  faults: FaultPlan | undefined;
  /** Default: everybody may do everything. */
  permissions: (asked: Asked) => boolean;
  /** Takes every condition on a write for fulfilled. Default: false. */
  ignoresConditions: boolean;
  /** How often the loser of a race of conditional writes gets 409 (`ceph16`: 500) instead of 412. Default: 0. */
  raceProbability: number;
  /** Uniform in [0, 1). Default: `Math.random`. */
  random: () => number;
  /** The server's clock in milliseconds since the epoch, as far as signatures go. Default: `Date.now`. */
  now: () => number;
  /** MD5 of the content, or different for each write, as with encryption by KMS. Default: `content`. */
  etags: 'content' | 'unique';
}

/** All that the parts of one server share. */
export interface S3Core {
  readonly state: S3State;
  readonly profile: Profile;
  readonly region: string;
  readonly domain: string;
  readonly credentials: readonly ServerCredentials[];
  readonly minPartBytes: number;
  readonly switches: S3Switches;
  readonly log: RequestLog;
  readonly onRequest: (record: RequestRecord) => void;
  readonly detached: Detached;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}
