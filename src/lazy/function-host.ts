import type { FunctionName } from '../core/metrics.ts';

/** What a service knows of the function that it runs in. */
export interface FunctionHost {
  readonly name: FunctionName;
  /** Of the invocation under way, or of the last: there is one at a time. */
  requestId: string | undefined;
  /** From the start of the process until the handler was ready; set when it is. */
  initMs: number | undefined;
  /** X-Ray's header of the invocation under way: `Root=…;Parent=…;Sampled=…`. */
  traceHeader(): string | undefined;
  /** Address and UDP port of X-Ray's daemon. */
  readonly traceDaemon: string | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
export function functionHost(
  name: FunctionName,
  env: Readonly<Record<string, string | undefined>>,
): FunctionHost {
  return {
    name,
    requestId: undefined,
    initMs: undefined,
    traceHeader: () => env._X_AMZN_TRACE_ID,
    traceDaemon: env.AWS_XRAY_DAEMON_ADDRESS,
  };
}
