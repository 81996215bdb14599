/**
 * A process that asks the store what a cold write asks it, and nothing else. Tells when its own code began and when the answer was
 * there, on the clock that all processes share.
 *
 *   floor.child.ts <file with the target, the key and the number of bytes>
 */
import { replaceObject } from './replace-object.ts';

const now = () => Number(process.hrtime.bigint()) / 1e6;

const beganMs = now();
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const status = await replaceObject(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const answeredMs = now();
const { user, system } = process.cpuUsage();
const processorMs = (user + system) / 1000;
writeSync(1, JSON.stringify({ beganMs, answeredMs, processorMs, status }));
process.exit();
