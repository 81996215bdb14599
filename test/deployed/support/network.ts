import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy/proxy.ts';
import type { FaultPlan } from '../../support/s3-server/faults.ts';
import { operationOf } from '../../support/s3-server/operations.ts';
import type { S3Request } from '../../support/s3-server/request.ts';

/** One request of a function to its bucket. */
export interface RecordedRequest {
  operation: string;
  bucket: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  /** Of DeleteObjects. */
  deleted: string[];
  /** Undefined while it is under way; 0 when there was no answer. */
  status: number | undefined;
}

/** The network between one function and its bucket, which knows all that goes over it. */
export interface Network {
  endpoint: string;
  /** Oldest first. */
  requests: RecordedRequest[];
  /** What goes wrong from now on. */
  fail(plan: FaultPlan | undefined): void;
  /** Resolves when nothing is under way any more, late effects included. */
  settled(): Promise<void>;
  /** Closes the connections on which nothing is under way. */
  closeIdleConnections(): void;
  stop(): Promise<void>;
}

export async function startNetwork(upstream: string): Promise<Network> {
  const requests: RecordedRequest[] = [];
  const underWay = new Set<Promise<void>>();
  const onRequest = (request: S3Request) => {
    const record = recordOf(request);
    requests.push(record);
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.add(promise);
    return (status: number) => {
      record.status = status;
      underWay.delete(promise);
      resolve();
    };
  };
  const proxy: FaultProxy = await startFaultProxy({ upstream, onRequest });
  return {
    endpoint: proxy.endpoint,
    requests,
    fail: plan => {
      proxy.faults = plan;
    },
    async settled() {
      await Promise.all(underWay);
      await proxy.settled();
    },
    closeIdleConnections: () => proxy.closeIdleConnections(),
    stop: () => proxy.stop(),
  };
}

function recordOf(request: S3Request): RecordedRequest {
  const { name } = operationOf(request);
  const body = name === 'DeleteObjects' ? request.rawBody.toString() : '';
  const deleted = [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
  const { bucket, key, headers } = request;
  return { operation: name, bucket, key, headers, deleted, status: undefined };
}
