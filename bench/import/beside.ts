import { createReadStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpConnection } from '../support/http-connection.ts';
import { manyPages } from '../support/many-pages.ts';
import { API_KEY, type Served, serveWiki } from '../support/served.ts';
import { loadWiki } from '../support/wiki-folder.ts';

/** How long single writes to a server take, in milliseconds, while it imports and while it does not. */
export interface WriteTimes {
  beside: number[];
  alone: number[];
}

/** Pages that are there before, and that are written to. */
const PAGES = 1_000;
/** Between two writes, as of somebody who waits for each. */
const PAUSE_MS = 5;
const LOOK_MS = 50;
const HEADERS = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

/** Writes to other pages while a server imports `file`, and as long when it has done so. */
export async function writeBeside(folder: string, file: string): Promise<WriteTimes> {
  const data = join(folder, 'served');
  mkdirSync(data);
  const server = await serveWiki(data, await loadWiki(data, manyPages(PAGES, 'flat')));
  try {
    const startMs = performance.now();
    const importing = importFile(server, file);
    const beside = await writeUntil(server, importing);
    await importing;
    const alone = await writeUntil(server, wait(performance.now() - startMs));
    return { beside, alone };
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
}

/** Resolves when the server has imported it, from the upload to the commit. */
async function importFile({ url }: Served, file: string): Promise<void> {
  const size = statSync(file).size;
  const body = JSON.stringify({ name: 'pages.csv', size });
  const made = await fetch(`${url}/api/v1/imports`, { method: 'POST', headers: HEADERS, body });
  const { id } = (await made.json()) as { id: string };
  await upload(`${url}/api/v1/imports/${id}/source`, file, size);
  for (;;) {
    const answer = await fetch(`${url}/api/v1/imports/${id}`, { headers: HEADERS });
    const { state } = (await answer.json()) as { state: string };
    if (state === 'done') return;
    if (state === 'failed' || state === 'cancelled') throw new Error(`The import ${id} is ${state}`);
    await wait(LOOK_MS);
  }
}

async function upload(url: string, file: string, size: number): Promise<void> {
  const headers = { ...HEADERS, 'content-type': 'text/csv', 'content-length': size };
  const sending = request(url, { method: 'PUT', headers });
  const status = new Promise<number>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', response => resolve(response.resume().statusCode ?? 0));
  });
  await pipeline(createReadStream(file), sending);
  if ((await status) >= 300) throw new Error(`Sending ${file} is answered with ${await status}`);
}

async function writeUntil({ url }: Served, over: Promise<unknown>): Promise<number[]> {
  const connection = await HttpConnection.open(url);
  const times: number[] = [];
  let isOver = false;
  const stop = () => {
    isOver = true;
  };
  over.then(stop, stop);
  for (let turn = 0; !isOver; turn += 1) {
    const path = `/api/v1/pages/beside/note%20${times.length}%20${performance.now()}`;
    const startMs = performance.now();
    const body = JSON.stringify({ content: `Turn ${turn}\n` });
    const { status } = await connection.ask({ method: 'PUT', path, headers: HEADERS, body });
    if (status !== 201) throw new Error(`Writing ${path} is answered with ${status}`);
    times.push(performance.now() - startMs);
    await wait(PAUSE_MS);
  }
  connection.close();
  return times;
}
