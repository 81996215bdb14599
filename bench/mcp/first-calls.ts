import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildApi } from '../../infra/functions/build.ts';
import { loadTimes } from '../../infra/functions/load-times.ts';
import { loadedWith } from '../../infra/functions/loaded-with.ts';
import type { Row } from '../support/report.ts';
import { API_KEY } from '../support/served.ts';
import { percentile } from '../support/statistics.ts';

const CHILD = join(import.meta.dirname, 'first-call.child.ts');
const SERVER = 'src/mcp/serve-mcp.ts';

/** The API function as it is deployed. */
export interface Bundle {
  folder: string;
  /** Of what the first call loads, in bytes, with all that it imports. */
  bytes: number;
  /** How long that takes in a process that has loaded the entry. */
  loadMs: number;
}

export async function bundle(outDir: string): Promise<Bundle> {
  const { folder, metafile } = await buildApi(outDir);
  const [path = ''] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(SERVER)) ?? [];
  const file = path.slice(path.lastIndexOf('/') + 1);
  return {
    folder,
    bytes: loadedWith(metafile, file).bytes,
    loadMs: loadTimes(folder, [file]).get(file) ?? 0,
  };
}

/** Processes that have answered nothing yet: a read as REST first, then as a tool call, and the other way round. */
export function measureFirst({ folder }: Bundle, data: string, uuid: string, rounds: number): Row[] {
  const asked = { rest: [] as number[][], mcp: [] as number[][] };
  for (let round = 0; round < rounds; round += 1)
    for (const first of ['rest', 'mcp'] as const) asked[first].push(ask(folder, data, uuid, first));
  const middle = (first: 'rest' | 'mcp', at: number) =>
    percentile(
      asked[first].map(times => times[at] ?? Number.NaN).toSorted((a, b) => a - b),
      0.5,
    );
  return [
    {
      what: 'the first request is REST',
      rest: middle('rest', 0),
      again: middle('rest', 1),
      mcp: middle('rest', 2),
      more: middle('rest', 3),
    },
    {
      what: 'the first request is a tool call',
      rest: middle('mcp', 2),
      again: middle('mcp', 3),
      mcp: middle('mcp', 0),
      more: middle('mcp', 1),
    },
  ];
}

function ask(folder: string, data: string, uuid: string, first: string): number[] {
  const env = {
    PATH: process.env.PATH,
    KITTIWAKE_STORE: `file:${data}`,
    KITTIWAKE_WIKI: uuid,
    KITTIWAKE_API_KEY: API_KEY,
    KITTIWAKE_LOG_LEVEL: 'silent',
  };
  const args = [CHILD, join(folder, 'index.mjs'), first];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }));
}
