import { Validations } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { WikiKeys } from './keys.ts';

/** Which objects a function may do what with. */
export interface StoreAccess {
  read: readonly string[];
  /** A conditional put also reads: what is swapped is to be in `read` too. */
  write: readonly string[];
  /** What is written in parts: an upload that failed is aborted. */
  upload: readonly string[];
  /** Lists unfinished uploads, to abort those that nobody will finish. */
  sweepsUploads?: true;
  delete?: readonly string[];
  /** Of uploads that others send in parts it is looked what is there. */
  listParts?: readonly string[];
}

/** Whether the stack serves one wiki, or all wikis of its bucket, which come and go. */
export type Served = 'one' | 'many';

/** The API deletes nothing but drafts and imports. It copies to `raw` what is downloaded past it, and signs the uploads of clients. */
export function apiAccess(keys: WikiKeys, served: Served): StoreAccess {
  const { ledger, packs, raw, uploads, search, auth, tokens, sharedTokens, drafts, state } = keys;
  const { projections, outbox, render, jobs, jobFiles, wakes } = keys;
  const names = served === 'many' ? [keys.names] : [];
  return {
    read: [
      ...[ledger, packs, raw, uploads, search, auth, drafts, state],
      ...[projections, outbox, render, jobs, jobFiles, ...names],
    ],
    write: [
      ...[ledger, packs, raw, uploads, auth, tokens, sharedTokens, drafts, state],
      ...[projections, outbox, render, jobs, jobFiles, wakes, ...names],
    ],
    upload: [packs, raw, jobFiles],
    listParts: [jobFiles],
    delete: [drafts, jobs, jobFiles],
  };
}

/**
 * Upkeep: the one function that deletes. It tells tokens of changes of their owners that an interrupted call left untold. Ledgers, tokens
 * and names go only where whole wikis are removed.
 */
export function projectAccess(keys: WikiKeys, served: Served): StoreAccess {
  const { ledger, packs, raw, uploads, search, drafts, auth, tokens, state } = keys;
  const { projections, outbox, site, render, jobs, jobFiles, wakes } = keys;
  const names = served === 'many' ? [keys.names] : [];
  const deleted = served === 'many' ? [ledger, auth, tokens, state, projections, ...names] : [];
  return {
    read: [
      ...[ledger, packs, search, auth, state, projections, outbox, site, render],
      ...[jobs, jobFiles, ...names],
    ],
    write: [
      ...[ledger, packs, search, auth, state, projections, outbox, site, render],
      ...[jobs, wakes, ...names],
    ],
    upload: [packs, raw, search, site, jobFiles],
    sweepsUploads: true,
    delete: [
      ...[packs, raw, uploads, search, drafts, outbox, site, render],
      ...[jobs, jobFiles, wakes, ...deleted],
    ],
  };
}

/** It looks what is left of the rights of who started an import, and removes what only an unfinished one needs. */
export function importAccess(keys: WikiKeys, served: Served): StoreAccess {
  const { ledger, packs, imports, importResults, outbox, jobs, jobFiles, wakes } = keys;
  const names = served === 'many' ? [keys.names] : [];
  return {
    read: [
      ...[ledger, packs, imports, outbox, jobs, jobFiles, wakes],
      ...[keys.state, keys.auth, keys.tokens, keys.sharedTokens, ...names],
    ],
    write: [ledger, packs, importResults, outbox, jobs, jobFiles, wakes],
    upload: [packs, jobFiles],
    delete: [jobFiles, wakes],
  };
}

/** Gives a role its access to the bucket, in a policy of its own. */
export function grantStoreAccess(role: Role, bucket: Bucket, access: StoreAccess): void {
  const objects = (patterns: readonly string[]) => patterns.map(pattern => bucket.arnForObjects(pattern));
  const statements = [
    // Without it an object that is not there is answered 403. A condition on the prefix would undo that.
    allow(
      'List',
      ['s3:ListBucket', ...(access.sweepsUploads ? ['s3:ListBucketMultipartUploads'] : [])],
      [bucket.bucketArn],
    ),
    allow('Read', ['s3:GetObject'], objects(access.read)),
    allow('Write', ['s3:PutObject'], objects(access.write)),
    allow('AbortUploads', ['s3:AbortMultipartUpload'], objects(access.upload)),
    ...(access.listParts
      ? [allow('ListParts', ['s3:ListMultipartUploadParts'], objects(access.listParts))]
      : []),
    ...(access.delete ? [allow('Delete', ['s3:DeleteObject'], objects(access.delete))] : []),
    ...(bucket.encryptionKey
      ? [allow('Encrypt', ['kms:Decrypt', 'kms:GenerateDataKey'], [bucket.encryptionKey.keyArn])]
      : []),
  ];
  const policy = new Policy(role, 'Store', { statements, roles: [role] });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5',
    reason:
      'Wildcards stand for the names below a prefix of the wikis of this bucket: packs, copies, uploads, indexes, tokens and wikis get random names.',
  });
}

function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources });
}
