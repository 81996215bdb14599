export interface Target {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** What a process tells: milliseconds, the first two since it began. */
export interface RequestTimes {
  /** All modules were there. */
  loadedMs: number;
  /** The first object was written. */
  firstMs: number;
  /** Processor time of all threads until then: it tells more than the clock where others want the processor too. */
  processorMs: number;
  /** Each further request. */
  laterMs: number[];
}

const LATER = 30;
const BODY = Buffer.alloc(2000, 'x');

type Put = (key: string, bytes: Buffer) => Promise<unknown>;

/** Writes objects through a client, times that, and tells it on standard output. */
export async function reportRequests(connect: (target: Target) => Put): Promise<void> {
  const loadedMs = performance.now();
  const [, , endpoint = '', accessKeyId = '', secretAccessKey = ''] = process.argv;
  const put = connect({ endpoint, accessKeyId, secretAccessKey });
  const prefix = `${process.pid}-${Date.now()}`;
  await put(`${prefix}-first`, BODY);
  const firstMs = performance.now();
  const { user, system } = process.cpuUsage();
  const processorMs = (user + system) / 1000;
  const laterMs: number[] = [];
  for (let count = 0; count < LATER; count += 1) {
    const startMs = performance.now();
    await put(`${prefix}-${count}`, BODY);
    laterMs.push(performance.now() - startMs);
  }
  const times: RequestTimes = { loadedMs, firstMs, processorMs, laterMs };
  process.getBuiltinModule('node:fs').writeSync(1, JSON.stringify(times));
  process.exit();
}
