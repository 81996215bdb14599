/** One request as it was seen from outside. */
export interface RequestRecord {
  /** From 1, in order of arrival. */
  number: number;
  /** From 1: requests of one number came over the same connection. */
  connection: number;
  /** `PutObject`, `ListObjectsV2` and so on. */
  operation: string;
  method: string;
  bucket: string;
  key: string;
  /** Undecoded. */
  query: string;
  headers: Record<string, string>;
  /** `performance.now()` of the head's arrival. */
  startedMs: number;
  /** `performance.now()` when the answer was sent or the connection closed; `Infinity` while under way. */
  endedMs: number;
  /** 0 when there was no answer. */
  status: number;
  /** S3's code of an error. */
  code: string | undefined;
  /** Of the bodies. */
  receivedBytes: number;
  sentBytes: number;
  /** The kind of fault that was planned. */
  fault: string | undefined;
}

/** The requests that a server got, newest last. */
export class RequestLog {
  #records: RequestRecord[] = [];
  #count = 0;

  get all(): readonly RequestRecord[] {
    return this.#records;
  }

  /** Requests of one operation. */
  of(operation: string): RequestRecord[] {
    return this.#records.filter(record => record.operation === operation);
  }

  /** The number of the next request. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
  }

  /** Forgets what was until now; numbers go on. */
  clear(): void {
    this.#records = [];
  }
}

/**
 * The round trips among these requests: the most of them that followed one another, each beginning after the answer
 * to the one before it. Requests that ran side by side count once.
 */
export function roundTrips(records: readonly RequestRecord[]): number {
  let count = 0;
  let freeMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs, endedMs } of records.toSorted((a, b) => a.endedMs - b.endedMs)) {
    if (startedMs < freeMs) continue;
    count += 1;
    freeMs = endedMs;
  }
  return count;
}

/** The number of connections that these requests came over. */
export function connectionsOf(records: readonly RequestRecord[]): number {
  return new Set(records.map(record => record.connection)).size;
}
