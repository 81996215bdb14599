import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Intent } from '../../src/swap/swap.ts';
import { Turns } from '../../src/swap/turns.ts';
import type { Waiter } from '../../src/swap/waiter.ts';

const TRY_MS = 20;
const PLENTY_MS = 60_000;

/** A clock that is moved by sleeping, and by `driftMs` more each time. */
function runtimeOf(driftMs = 0) {
  let nowMs = 1_000_000;
  let sleptMs = 0;
  return {
    ...systemRuntime,
    now: () => nowMs,
    sleep: async (ms: number) => {
      sleptMs += ms;
      nowMs += ms + driftMs;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    sleptMs: () => sleptMs,
  };
}

/** Holds back for `turn` until there is no more patience. Returns how long that was. */
async function holdBack(turns: Turns, turn: string, runtime: ReturnType<typeof runtimeOf>): Promise<number> {
  const beforeMs = runtime.sleptMs();
  for (;;) {
    const pauseMs = turns.pauseMs(turn, PLENTY_MS, TRY_MS);
    if (pauseMs === 0) return runtime.sleptMs() - beforeMs;
    await turns.hold(pauseMs);
  }
}

function overtaken(losses: number, submittedMs: number, isLong = false): Waiter<null> {
  const intent: Intent<null, unknown> = {
    isLong,
    apply: async () => ({ kind: 'keep', result: null }),
    settle: async () => undefined,
  };
  return {
    intent,
    submittedMs,
    submittedTick: 0,
    deadlineMs: PLENTY_MS,
    base: undefined,
    tried: true,
    losses,
    answered: false,
    resolve: () => {},
    reject: () => {},
  };
}

describe('who meets the mark of another', () => {
  it('holds back for two seconds, and removes it then', async () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    expect(turns.after('another')).toBe('another');
    expect(await holdBack(turns, 'another', runtime)).toBe(2_000);
    expect(turns.after('another')).toBeUndefined();
  });

  it('has no more patience for a second mark before a swap of its own', async () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    await holdBack(turns, 'another', runtime);
    expect(await holdBack(turns, 'a third', runtime)).toBe(0);
    turns.done('a third');
    expect(await holdBack(turns, 'a third', runtime)).toBe(2_000);
  });

  it('has as much patience in all when it goes on earlier and leaves the mark', async () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    for (let write = 0; write < 3; write += 1) {
      await turns.hold(600);
      expect(turns.after('another')).toBe('another');
      turns.done('another');
    }
    await turns.hold(600);
    expect(turns.after('another')).toBeUndefined();
  });

  it('waits no longer when its clock is set back, and less when it is set forward', async () => {
    const back = runtimeOf(-3_600_000);
    expect(await holdBack(new Turns(back), 'another', back)).toBe(2_000);
    const forward = runtimeOf(3_600_000);
    expect(await holdBack(new Turns(forward), 'another', forward)).toBeLessThan(50);
  });

  it('does not count that as waiting for its own turn', async () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    const submittedMs = runtime.now();
    runtime.pass(30);
    await holdBack(turns, 'another', runtime);
    runtime.pass(10);
    expect(turns.ageMs(submittedMs)).toBe(40);
    expect(turns.ageMs(runtime.now() - 5)).toBe(5);
  });

  it('holds back for nobody shortly before a deadline, nor for itself', () => {
    const turns = new Turns(runtimeOf());
    expect(turns.pauseMs('another', 4 * TRY_MS, TRY_MS)).toBe(0);
    expect(turns.pauseMs(undefined, PLENTY_MS, TRY_MS)).toBe(0);
    const own = turns.ask();
    expect(turns.pauseMs(own, PLENTY_MS, TRY_MS)).toBe(0);
    expect(turns.after(own)).toBeUndefined();
  });
});

describe('a turn', () => {
  it('is needed by what says that it takes long once it was overtaken, by others when that goes on', () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    const isNeeded = (losses: number, ageMs: number, isLong?: boolean) =>
      turns.isNeeded([overtaken(losses, runtime.now() - ageMs, isLong)], 100);
    expect([isNeeded(0, 500, true), isNeeded(1, 100, true), isNeeded(1, 101, true)]).toEqual([
      false,
      false,
      true,
    ]);
    expect([isNeeded(2, 500), isNeeded(3, 300), isNeeded(3, 301)]).toEqual([false, false, true]);
  });

  it('comes again to who was overtaken in it when others had four times as long', () => {
    const runtime = runtimeOf();
    const turns = new Turns(runtime);
    const isNeeded = () => turns.isNeeded([overtaken(1, 0, true)], 100);
    const own = turns.ask();
    turns.meet(own);
    expect(turns.isOwn(own)).toBe(true);
    runtime.pass(500);
    turns.meet(undefined);
    expect(turns.isOwn(own)).toBe(false);
    runtime.pass(1_990);
    expect(isNeeded()).toBe(false);
    runtime.pass(20);
    expect(isNeeded()).toBe(true);
  });

  it('is asked for at once when the mark met a conflict, and later when the store refused it', () => {
    const turns = new Turns(runtimeOf());
    const isNeeded = () => turns.isNeeded([overtaken(1, 0, true)], 100);
    turns.ask();
    turns.withdraw(false);
    expect(isNeeded()).toBe(true);
    turns.ask();
    turns.withdraw(true);
    expect(isNeeded()).toBe(false);
  });
});
