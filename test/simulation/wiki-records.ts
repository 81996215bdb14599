import type { Prng } from './prng.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** One change of the wiki. `revision` is that of the page as its author has read it; absent: the page is to be new. */
export type Action =
  | Put
  | { kind: 'delete'; path: string; revision: string; recursive: boolean }
  | { kind: 'rename'; path: string; newPath: string; revision: string }
  | { kind: 'restore'; path: string; to: string; revision?: string }
  | Attach
  | { kind: 'detach'; path: string; filename: string }
  | { kind: 'batch'; parts: (Put | Attach)[] };

export interface Put {
  kind: 'put';
  path: string;
  content: string;
  revision?: string;
}

export interface Attach {
  kind: 'attach';
  path: string;
  filename: string;
  bytes: Buffer;
}

/** One time a request was sent, and what its sender was told, with simulated times. */
export interface Try {
  process: SimulatedProcess;
  askedMs: number;
  limitMs: number;
  answeredMs?: number;
  /** `applied`, `kept` (nothing was to be changed), or the code of an error. Absent: nobody heard. */
  said?: string;
  commit?: string;
  replayed?: boolean;
}

/** A request for a change. Its id is the message of its commit, and stands in every text that it writes. */
export interface Request {
  id: string;
  action: Action;
  /** Sent with an idempotency key, hence more than once. */
  keyed: boolean;
  mustSucceed: boolean;
  tries: Try[];
}

/** What a view told about the wiki. */
export interface Reading {
  process: SimulatedProcess;
  askedMs: number;
  maxAgeMs: number;
  /** When the view was there. */
  viewedMs: number;
  head: string | undefined;
  ordinal: number;
  /** Answers of the view, compared with what the history says of the same commit. */
  file?: { path: string; oid: string | null; commit: string | null; contentOid: string | null };
  paths?: string[];
  sources?: { page: string; found: string[] };
  touches?: { path: string; commits: string[] };
}

/** A page as one call of the wiki showed it. */
export interface Sighting {
  path: string;
  askedMs: number;
  answeredMs: number;
  blob: string | null;
  revision: string | null;
}

/** Something that failed: what, with which code, and how long it had run. */
export interface Failure {
  what: 'reading' | 'writing' | 'upkeep';
  code: string;
  message: string;
  tookMs: number;
}

export interface WikiRecords {
  requests: Request[];
  readings: Reading[];
  sightings: Sighting[];
  failures: Failure[];
  /** How often upkeep did what. */
  upkeep: Record<string, number>;
}

/** How one run is set up. */
export interface WikiShape {
  clients: number;
  writers: number;
  writes: number;
  thinkMs: number;
  horizonMs: number;
  upkeepEveryMs: number;
  orphanGraceMs: number;
  readerGraceMs: number;
  largeBlobs: number;
}

export function shapeOf(prng: Prng): WikiShape {
  return {
    clients: prng.pick([1, 2, 3, 4]),
    writers: prng.pick([1, 2, 3]),
    writes: prng.pick([3, 6, 12]),
    thinkMs: prng.pick([0, 300, 3_000, 30_000]),
    horizonMs: prng.pick([20_000, 120_000, 120_000, 1_800_000]),
    upkeepEveryMs: prng.pick([300, 3_000, 30_000]),
    largeBlobs: prng.pick([0, 0.05, 0.2]),
    ...prng.pick([
      { orphanGraceMs: 3_600_000, readerGraceMs: 900_000 },
      { orphanGraceMs: 60_000, readerGraceMs: 900_000 },
      { orphanGraceMs: 1_000, readerGraceMs: 60_000 },
      { orphanGraceMs: 0, readerGraceMs: 2_000 },
      { orphanGraceMs: 0, readerGraceMs: 0 },
    ]),
  };
}
