import { isKittiwakeError } from '../../src/core/errors.ts';
import { openOutbox } from '../../src/projection/outbox/outbox.ts';
import type { DeliverReport, SendOutcome } from '../../src/projection/outbox/sending.ts';
import { directStore } from './direct-store.ts';
import type { SimulationRun } from './run-seeds.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { World } from './world.ts';

const UUID = 'c'.repeat(32);
const BACKOFF_MS = [1_000, 10_000, 60_000, 600_000, 3_600_000];

/** What reached the receivers, and what the senders were told. */
interface Wire {
  received: Map<string, number>;
  /** Attempts that were told to have failed, or that were never answered. */
  failures: Map<string, number>;
  reports: DeliverReport[];
}

/**
 * Processes fill one outbox with the same messages and deliver it, through faults, pauses and deaths; receivers refuse, and keep what
 * they say to themselves.
 */
export async function simulateOutbox(seed: number): Promise<SimulationRun & { doubled: number }> {
  const world = new World({ seed, climate: seed % 4 === 0 ? 'calm' : 'stormy', giveUpMs: 20_000 });
  const wire: Wire = { received: new Map(), failures: new Map(), reports: [] };
  const ids = Array.from({ length: world.prng.int(1, 8) }, (_, index) => `m-${index}`);
  const failures: string[] = [];
  const startMs = world.scheduler.nowMs;
  const start = (): void => {
    run(world, wire, ids).catch(error => failures.push(`a process failed: ${error}`));
  };
  for (let count = world.prng.int(1, 3); count > 0; count -= 1) start();
  await world.run({ replace: start, afterwards: start }).catch(error => failures.push(String(error)));
  const found = await violations(world, wire, ids);
  return {
    violations: [...failures, ...found],
    answers: {},
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
    doubled: [...wire.received.values()].filter(count => count > 1).length,
  };
}

/** Adds all messages, in an order of its own and some of them twice, then delivers until nothing waits. */
async function run(world: World, wire: Wire, ids: readonly string[]): Promise<void> {
  const { process, store } = world.spawn();
  const { runtime, prng } = process;
  const outbox = openOutbox({ store, uuid: UUID, kind: 'test', runtime, backoffMs: BACKOFF_MS });
  const queue = [...ids, ...ids.filter(() => prng.chance(0.3))].sort(() => prng.random() - 0.5);
  for (const id of queue) {
    await again(process, () => outbox.enqueue([{ id, target: id, payload: { id } }]));
  }
  const send = ({ id }: { id: string }) => sendOver(wire, process, id, world.troubled);
  for (let round = 0; round < 60; round += 1) {
    const report = await again(process, () => outbox.deliver({ send }));
    wire.reports.push(report);
    if (report.waiting === 0 && !report.more && report.failed === 0) return;
    await runtime.sleep(Math.min(600_000, Math.max(1_000, (report.nextDueMs ?? 0) - runtime.now())));
  }
}

async function sendOver(
  wire: Wire,
  { runtime, prng }: SimulatedProcess,
  id: string,
  troubled: boolean,
): Promise<SendOutcome> {
  const count = (counts: Map<string, number>) => counts.set(id, (counts.get(id) ?? 0) + 1);
  await runtime.sleep(prng.between(1, 500));
  const isRefused = troubled && prng.chance(0.2);
  if (!isRefused) count(wire.received);
  await runtime.sleep(prng.between(1, 500));
  const isUnheard = troubled && prng.chance(0.1);
  if (!isRefused && !isUnheard) return { kind: 'sent' };
  count(wire.failures);
  return { kind: 'failed', code: 'test_failed' };
}

/** Until it works: what the store refused is no failure of the outbox. */
async function again<R>({ runtime }: SimulatedProcess, work: () => Promise<R>): Promise<R> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isKittiwakeError(error)) throw error;
      await runtime.sleep(5_000);
    }
  }
}

async function violations(world: World, wire: Wire, ids: readonly string[]): Promise<string[]> {
  const store = directStore(world.cloud);
  const runtime = world.spawn().process.runtime;
  const outbox = openOutbox({ store, uuid: UUID, kind: 'test', runtime });
  const left = await outbox.list('waiting', { limit: 100 });
  const sent = await outbox.list('sent', { limit: 100 });
  const dead = await outbox.list('dead', { limit: 100 });
  const found: string[] = [];
  const ended = [...sent.messages, ...dead.messages].map(({ id }) => id).sort();
  if (ended.join() !== [...ids].sort().join()) found.push(`these have ended: ${ended}; wanted ${ids}`);
  // What a late put brings back is removed by the next who looks.
  const back = left.messages.filter(({ state, attempts }) => state !== 'waiting' || attempts > 0);
  if (back.length > 0) found.push(`these were left: ${JSON.stringify(back)}`);
  for (const { id, state, doubts } of [...sent.messages, ...dead.messages]) {
    const times = wire.received.get(id) ?? 0;
    if (state === 'sent' && times === 0) found.push(`${id} never arrived`);
    const allowed = 1 + doubts + (wire.failures.get(id) ?? 0);
    if (times > allowed) found.push(`${id} arrived ${times} times, ${allowed} are accounted for`);
  }
  return found;
}
