import type { FunctionName } from './support/functions.ts';

/** Rights that no request of the tests needed, and why they are there all the same. */
export const UNUSED: Readonly<Record<FunctionName, Readonly<Record<string, string>>>> = {
  api: {
    's3:AbortMultipartUpload packs/*': 'sent when a part of a large attachment fails: see the nightly tests',
    's3:AbortMultipartUpload raw/*': 'sent when a part of the copy for a download fails',
  },
  project: {
    's3:AbortMultipartUpload job-files/*': 'of imports that nobody sends the rest of, after a day',
    's3:AbortMultipartUpload site/*': 'sent when a part of a large attachment of the site fails',
    's3:DeleteObject job-files/*': 'of imports that ended a week ago: see the roles',
    's3:DeleteObject jobs/*': 'the same',
    's3:DeleteObject render/*': 'of a month ago: each run looks at two of 256 parts, which are drawn',
    's3:GetObject auth/*': 'told of a change of its owner when the call that made the change was interrupted',
    's3:PutObject auth/*': 'the same',
    's3:PutObject jobs/*': 'ends imports that nobody ended in a day',
    's3:PutObject state': 'notes that such a change was told',
  },
  import: {
    's3:AbortMultipartUpload job-files/*': 'sent when a part of a large run fails',
    's3:AbortMultipartUpload packs/*': 'sent when a part of a large pack fails',
    's3:GetObject auth/*': 'looks what is left of the rights of who started an import: see the roles',
    's3:GetObject state': 'the same',
    's3:GetObject tokens/*': 'the same',
    's3:GetObject tokens/all/*': 'the same',
  },
};
