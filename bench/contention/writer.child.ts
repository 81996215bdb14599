/**
 * One process that writes what others write, too: so many writers, each with one commit at a time. Says
 * `ready` when it has read what is there, begins at a line on its input, and prints what it did as JSON.
 *
 *   writer.child.ts <WriterTask as JSON>
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { storeAt } from '../support/s3-store.ts';
import { openSubject, SWAPPED } from './subject.ts';
import type { WriterTask, Wrote } from './writers.ts';

const { what, target, prefix, uuid, place, writers, seconds } = JSON.parse(
  process.argv[2] ?? '',
) as WriterTask;
const requests = { gets: 0, puts: 0, otherPuts: 0 };
const store = storeAt(target, prefix, ({ operation, key }) => {
  if (key.startsWith(SWAPPED[what])) requests[operation === 'put' ? 'puts' : 'gets'] += 1;
  else if (operation === 'put') requests.otherPuts += 1;
});
const subject = openSubject(what, store, uuid);
await subject.open();
const input = createInterface(process.stdin);
console.log('ready');
await once(input, 'line');
Object.assign(requests, { gets: 0, puts: 0, otherPuts: 0 });

const latenciesMs: number[] = [];
const commits: string[] = [];
const failures: Record<string, number> = {};
const endMs = performance.now() + seconds * 1_000;
const cpuBefore = process.cpuUsage();

async function write(writer: number): Promise<void> {
  for (let count = 1; performance.now() < endMs; count += 1) {
    const startMs = performance.now();
    try {
      commits.push(await subject.write(`${place}-${writer}.${count}`));
      latenciesMs.push(performance.now() - startMs);
    } catch (error) {
      const { code = 'unknown' } = error as { code?: string };
      failures[code] = (failures[code] ?? 0) + 1;
    }
  }
}

await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
input.close();
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1_000;
const wrote: Wrote = { cpuMs, latenciesMs, commits, failures, requests };
process.stdout.write(`${JSON.stringify(wrote)}\n`);
