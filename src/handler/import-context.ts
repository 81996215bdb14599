import type { Context } from 'aws-lambda';

/** What the import function looks at of an invocation. */
export type ImportContext = Pick<Context, 'getRemainingTimeInMillis' | 'memoryLimitInMB'> &
  Partial<Pick<Context, 'awsRequestId'>>;
