import { S3Error } from './s3-error.ts';

/** What goes wrong with one request. */
export type Fault =
  /** Takes this much longer, before anything happens. */
  | { kind: 'delay'; ms: number }
  /** This answer; `after`: the request takes effect all the same (500 and 503 only make sense). */
  | { kind: 'answer'; status: FaultStatus; after?: boolean }
  /** The connection is closed without an answer, before or after the request took effect. */
  | { kind: 'close'; when: 'before' | 'after' }
  /** The connection is closed at once, the request takes effect `ms` later. */
  | { kind: 'late'; ms: number }
  /** The request takes effect twice, `gapMs` (default: 0) apart; one of the two answers is sent. */
  | { kind: 'double'; answer: 'first' | 'second'; gapMs?: number };

export type FaultStatus = 409 | 412 | 500 | 503;

/** What a plan sees of a request: it is asked once for each, in order of arrival. */
export interface FaultRequest {
  /** From 1. */
  number: number;
  method: string;
  /** Decoded; with the bucket in path style. */
  path: string;
  query: ReadonlyMap<string, string>;
  headers: Readonly<Record<string, string>>;
}

export type FaultPlan = (request: FaultRequest) => Fault | undefined;

const ERRORS = {
  409: [
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation',
  ],
  412: ['PreconditionFailed', 'At least one of the pre-conditions you specified did not hold'],
  500: ['InternalError', 'We encountered an internal error. Please try again.'],
  503: ['SlowDown', 'Please reduce your request rate.'],
} as const;

/** The error behind a status. */
export function faultError(status: FaultStatus): S3Error {
  const [code, message] = ERRORS[status];
  return new S3Error(code, message);
}

/** How a server or a proxy does what a fault wants. */
export interface FaultActions<T> {
  /** Lets the request take effect. */
  run: () => T | Promise<T>;
  /** An answer of one's own. */
  refuse: (status: FaultStatus) => T;
  sleep: (ms: number) => Promise<unknown>;
  /** Goes on without anybody waiting. */
  detach: (work: Promise<unknown>) => void;
}

/** Treats one request as the fault wants; undefined: the connection is to be closed. */
export async function withFault<T>(
  fault: Fault | undefined,
  actions: FaultActions<T>,
): Promise<T | undefined> {
  const { run, refuse, sleep, detach } = actions;
  switch (fault?.kind) {
    case undefined:
      return run();
    case 'delay':
      await sleep(fault.ms);
      return run();
    case 'answer':
      if (fault.after) await run();
      return refuse(fault.status);
    case 'close':
      if (fault.when === 'after') await run();
      return undefined;
    case 'late':
      detach(sleep(fault.ms).then(run));
      return undefined;
    case 'double':
      return twice(fault, actions);
  }
}

async function twice<T>(fault: Fault & { kind: 'double' }, actions: FaultActions<T>): Promise<T> {
  const first = await actions.run();
  const second = actions.sleep(fault.gapMs ?? 0).then(actions.run);
  if (fault.answer === 'second') return second;
  actions.detach(second);
  return first;
}
