import type { Simulation, SimulationRun } from './run-seeds.ts';
import type { S3Profile } from './s3-service.ts';
import { type S3Subject, simulatedS3Store } from './s3-store.ts';
import { simulateToy } from './simulate-toy.ts';
import { simulateWiki } from './simulate-wiki.ts';
import type { MakeStore } from './world.ts';

/** Two seeds in three try `swap` alone, which takes a tenth of the time of a wiki. */
export const s3Simulation: Simulation = { name: 's3', run: seed => simulateS3(seed) };

/** Swap, ledger and wiki over the S3 backend's own code. Three seeds in four are stormy. */
export function simulateS3(seed: number, subject?: S3Subject): Promise<SimulationRun> {
  return seed % 3 === 0 ? simulateS3Wiki(seed, subject) : simulateS3Toy(seed, subject);
}

export function simulateS3Wiki(seed: number, subject?: S3Subject): Promise<SimulationRun> {
  return simulateWiki(seed, { makeStore: s3Stores(seed, subject) });
}

export function simulateS3Toy(seed: number, subject?: S3Subject): Promise<SimulationRun> {
  const climate = seed % 4 === 0 ? 'calm' : 'stormy';
  return simulateToy(seed, climate, undefined, { makeStore: s3Stores(seed, subject) });
}

function s3Stores(seed: number, subject: S3Subject | undefined): MakeStore {
  const profile: S3Profile = seed % 2 === 0 ? 'aws' : 'ceph16';
  return options => simulatedS3Store(options, profile, subject);
}
