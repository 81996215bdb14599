import { appendFileSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** A background thread that notes each of its starts and fails at the first two. */
const { file } = workerData.config as { file: string };
appendFileSync(file, 'started\n');
parentPort?.postMessage({ line: 'a line of the thread' });
if (readFileSync(file, 'utf8').length < 20) throw new Error('not yet');
parentPort?.on('message', command => {
  appendFileSync(file, `${command}\n`);
  if (command === 'stop') parentPort?.close();
});
