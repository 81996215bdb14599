import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleScript } from '../../infra/functions/bundle.ts';
import { plainS3, type S3Target } from '../support/plain-s3.ts';
import type { Request } from './cold-wiki.ts';
import type { Replacement } from './replace-object.ts';
import type { FunctionVariant } from './start.ts';

/** By how much a write lets the ledger grow, about. */
const GROWTH_BYTES = 500;

/** Times of the bare script, in milliseconds since the start of its process. */
export interface FloorTimes {
  /** To its first line. */
  initMs: number;
  /** To the answer to its second request. */
  firstWriteMs: number;
  processorMs: number;
}

/** What nobody can be faster than: a script, and a function, that make the same two requests, signed, and do nothing else. */
export class Floor {
  /** The function. */
  readonly bare: FunctionVariant;
  readonly #script: string;
  readonly #settings: string;
  readonly #near: S3Target;
  readonly #key: string;

  /** Bundles both into `folder`. @param near the server @param key of an object of its own in the bucket */
  static async make(folder: string, near: S3Target, key: string): Promise<Floor> {
    const source = (name: string) => join(import.meta.dirname, `${name}.child.ts`);
    const taskRoot = join(folder, 'bare');
    await bundleScript(taskRoot, 'index', source('bare'));
    return new Floor(taskRoot, await bundleScript(folder, 'floor', source('floor')), near, key);
  }

  private constructor(taskRoot: string, script: string, near: S3Target, key: string) {
    this.bare = { name: 'bare', taskRoot, environment: {} };
    this.#script = script;
    this.#settings = `${script}.json`;
    this.#near = near;
    this.#key = key;
  }

  /** An event for the function, which makes an object of `bytes`. @param target the server as the function sees it */
  async request(target: S3Target, bytes: number): Promise<Request> {
    const replacement = await this.#prepare(target, bytes);
    return { event: () => replacement, check: () => {} };
  }

  /** Starts the script, which makes an object of `bytes`. @param target the server as the script sees it */
  async start(target: S3Target, bytes: number): Promise<FloorTimes> {
    writeFileSync(this.#settings, JSON.stringify(await this.#prepare(target, bytes)));
    const startedMs = Number(process.hrtime.bigint()) / 1e6;
    const child = spawn(process.execPath, [this.#script, this.#settings], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told = JSON.parse((await text(child.stdout)) || '{}');
    if (told.status !== 200) throw new Error(`Starting the bare script fails: it is answered ${told.status}`);
    const { beganMs, answeredMs, processorMs } = told;
    return { initMs: beganMs - startedMs, firstWriteMs: answeredMs - startedMs, processorMs };
  }

  /** Puts an object there that is to grow as a ledger does. */
  async #prepare(target: S3Target, bytes: number): Promise<Replacement> {
    const before = Buffer.alloc(Math.max(0, bytes - GROWTH_BYTES), 'ledger ');
    const { status } = await plainS3(this.#near)('PUT', this.#key, before);
    if (status !== 200) throw new Error(`Preparing the bare script fails: ${status}`);
    return { target, key: this.#key, bytes };
  }
}
