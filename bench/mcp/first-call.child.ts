/**
 * The bundled API function in a process of its own, asked once each way, and once more; prints how long each took, as JSON.
 *
 *   first-call.child.ts <index.mjs> <first>
 */
import { pathToFileURL } from 'node:url';
import { functionEvent } from '../support/function-event.ts';
import { toolAnswer, toolCall } from './messages.ts';

const [, , entry = '', first = 'rest'] = process.argv;
const { bufferedHandler } = await import(pathToFileURL(entry).href);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 30_000 };
const PATH = 'Hub-0';

const read = functionEvent('GET', `/api/v1/pages/${PATH}`);
const { headers, body } = toolCall('2026-07-28', 'read_note', { path: PATH });
const plain = functionEvent('POST', '/mcp', body);
const call = { ...plain, headers: { ...plain.headers, ...headers } };

async function timed(event: object): Promise<number> {
  const startMs = performance.now();
  const answer = await bufferedHandler(event, context);
  const ms = performance.now() - startMs;
  if (answer.statusCode !== 200) throw new Error(`It is answered ${answer.statusCode}: ${answer.body}`);
  if (event === call) toolAnswer(answer.body);
  return ms;
}

const order = first === 'rest' ? [read, read, call, call] : [call, call, read, read];
const times: number[] = [];
for (const event of order) times.push(await timed(event));
console.log(JSON.stringify(times));
