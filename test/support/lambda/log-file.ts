import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Frames of the runtime's console: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, `TelemetryLogger`. */
const FRAME_MAGIC = 0xa55a;
const FRAME_HEADER_BYTES = 16;

/**
 * What a function writes to standard output, standard error and the telemetry descriptor of its runtime, in one file: a write
 * is complete when it returns, so nothing is missing once the process has asked for its next event.
 */
export class LogFile {
  /** To be inherited by the process. */
  readonly descriptor: number;
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
    this.descriptor = openSync(path, 'a');
  }

  /** What was written since the last call; a line of the console is one, however many line ends are in it. */
  takeLines(): string[] {
    const bytes = Buffer.alloc(fstatSync(this.descriptor).size - this.#position);
    const source = openSync(this.#path, 'r');
    const length = readSync(source, bytes, 0, bytes.length, this.#position);
    closeSync(source);
    this.#position += length;
    return linesOf(bytes.subarray(0, length));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const isFrame = bytes.length - at >= FRAME_HEADER_BYTES && bytes.readUInt16BE(at) === FRAME_MAGIC;
    const start = isFrame ? at + FRAME_HEADER_BYTES : at;
    const end = isFrame ? start + bytes.readUInt32BE(at + 4) : lineEnd(bytes, at);
    lines.push(bytes.toString('utf8', start, end).replace(/\n$/, ''));
    at = end;
  }
  return lines;
}

function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf('\n', at);
  return end === -1 ? bytes.length : end + 1;
}
