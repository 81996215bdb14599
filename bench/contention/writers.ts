import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { S3Target } from '../support/plain-s3.ts';
import type { What } from './subject.ts';

const SCRIPT = resolve(import.meta.dirname, 'writer.child.ts');
/** So many start at the same time: more would only wait for each other. */
const STARTING = 4;

export interface WriterTask {
  what: What;
  target: S3Target;
  prefix: string;
  uuid: string;
  /** Which process this is. */
  place: number;
  writers: number;
  seconds: number;
}

/** What one process did. */
export interface Wrote {
  /** Of the processor, while writing. */
  cpuMs: number;
  latenciesMs: number[];
  /** Those acknowledged. */
  commits: string[];
  /** Refusals by code. */
  failures: Record<string, number>;
  /** Of the object that is swapped, but for `otherPuts`. */
  requests: { gets: number; puts: number; otherPuts: number };
}

/** A process that has read what is there and waits. */
interface Ready {
  begin(): void;
  wrote: Promise<Wrote>;
}

/** Lets processes write at the same time, each begun when all are ready. */
export async function writeTogether(
  task: Omit<WriterTask, 'place'>,
  processes: number,
): Promise<{ wrote: Wrote[]; seconds: number }> {
  const ready: Ready[] = [];
  for (let from = 0; from < processes; from += STARTING) {
    const places = Array.from({ length: Math.min(STARTING, processes - from) }, (_, index) => from + index);
    ready.push(...(await Promise.all(places.map(place => start({ ...task, place })))));
  }
  const startMs = performance.now();
  for (const each of ready) each.begin();
  const wrote = await Promise.all(ready.map(each => each.wrote));
  return { wrote, seconds: (performance.now() - startMs) / 1_000 };
}

async function start(task: WriterTask): Promise<Ready> {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').then(() => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await Promise.race([lines.next(), ended]);
    if (line?.done !== false) throw new Error(`Writing in process ${task.place} fails: it ended early`);
    return line.value;
  };
  await next();
  return {
    begin: () => child.stdin.write('go\n'),
    get wrote() {
      return next().then(line => JSON.parse(line) as Wrote);
    },
  };
}
