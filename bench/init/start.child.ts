/**
 * One start of a function: loads the bundle named first, then sends it the event in the file named second. Reports when its
 * own code began, when init was done and when the answer was there, in milliseconds since the process began.
 */
const beganMs = performance.now();
const { bufferedHandler: handler } = await import(process.argv[2] ?? '');
const readyMs = performance.now();
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const event = JSON.parse(readFileSync(process.argv[3] ?? '', 'utf8'));
const sentMs = performance.now();
const answer = await handler(event, { getRemainingTimeInMillis: () => 10_000 });
const answeredMs = performance.now();
const times = { beganMs, readyMs, answeredMs: readyMs + answeredMs - sentMs };
writeSync(1, JSON.stringify({ ...times, status: answer.statusCode, body: answer.body }));
process.exit();
