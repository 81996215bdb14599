/**
 * One cold write of the API function: loads the bundle named first and sends it the event in the file named second. Tells the
 * times in milliseconds since the process began; with a third argument also those of the requests that it sent.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';

const beganMs = performance.now();
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const [, , entry = '', eventFile = '', watched] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const requests = watched === undefined ? [] : watchRequests();
const loadingMs = performance.now();
const { bufferedHandler: handler } = await import(entry);
const readyMs = performance.now();
const answer = await handler(event, { getRemainingTimeInMillis: () => 10_000 });
// Reading the event is not the function's work.
const answeredMs = performance.now() - (loadingMs - beganMs);
const { user, system } = process.cpuUsage();
const processorMs = (user + system) / 1000;
const { statusCode: status, headers, body } = answer;
const timing = headers?.['server-timing'];
const times = { beganMs, loadingMs, readyMs, answeredMs, processorMs };
writeSync(1, JSON.stringify({ ...times, status, timing, body, requests }));
process.exit();

interface Watched {
  method: string;
  path: string;
  startedMs: number;
  endedMs: number;
}

/** https://nodejs.org/api/diagnostics_channel.html#http */
function watchRequests(): Watched[] {
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
  const seen: Watched[] = [];
  const open = new Map<ClientRequest, Watched>();
  subscribe('http.client.request.created', message => {
    const { request } = message as { request: ClientRequest };
    const { method, path } = request;
    const each = { method, path, startedMs: performance.now(), endedMs: Number.NaN };
    seen.push(each);
    open.set(request, each);
  });
  subscribe('http.client.response.finish', message => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    response.once('end', () => {
      const each = open.get(request);
      if (each !== undefined) each.endedMs = performance.now();
    });
  });
  return seen;
}
