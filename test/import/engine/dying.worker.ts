import { parentPort } from 'node:worker_threads';

/** A lane whose thread ends while it makes its second batch. */
let ended = 0;
parentPort?.on('message', ({ kind }: { kind: string }) => {
  if (kind === 'finish') ended += 1;
  else if (ended > 0) process.exit(7);
});
await import('../../../src/import/engine/engine.worker.ts');
