import type { ByteStore, PutOutcome, Version } from '../../src/storage/byte-store.ts';

/** Called inside each test: an empty store. It registers its own cleaning up (`onTestFinished`). */
export type CreateStore = () => Promise<ByteStore>;

export interface ContractOptions {
  /**
   * The backend derives versions from the content (an S3 ETag): what is stored must then differ each time, as
   * everything that goes through `swap` does. Default: false.
   */
  versionsFollowContent?: boolean;
  /** The backend cannot tell a swap of what is absent from a swap of another version. Default: false. */
  goneReadsAsChanged?: boolean;
  /** A put that lost a race may answer `unknown`. Default: false. */
  losersMayBeUnknown?: boolean;
  /** Others read its objects over HTTP, by presigned requests. Default: false. */
  isReadOverHttp?: boolean;
  /** Swaps by each of 8 writers of the counter. Default: 100. */
  swapsPerWriter?: number;
}

/** What S3 leaves open. */
export const S3_CONTRACT: ContractOptions = { versionsFollowContent: true, isReadOverHttp: true };

/** What Ceph 16 leaves open besides. */
export const CEPH_CONTRACT: ContractOptions = {
  ...S3_CONTRACT,
  goneReadsAsChanged: true,
  losersMayBeUnknown: true,
};

export function bytesOf(text: string): Buffer {
  return Buffer.from(text);
}

export function versionOf(outcome: PutOutcome): Version {
  if (outcome.kind !== 'stored') throw new Error(`stored was expected, not ${JSON.stringify(outcome)}`);
  return outcome.version;
}

export async function textOf(store: ByteStore, key: string): Promise<string | undefined> {
  const outcome = await store.get(key);
  return outcome.kind === 'found' ? outcome.bytes.toString() : undefined;
}
