import { isUtf8 } from 'node:buffer';
import type { Present, SampleFile } from './batch.ts';
import type { LaneItem } from './lane.ts';

/** Of the text of a file that is shown, in UTF-16 units. */
const SAMPLE_LENGTH = 2_000;

/** A file as a dry run shows it. */
export function sampleOf({ path, content }: LaneItem, present: Present): SampleFile {
  return { path, size: contentBytes(content), present, text: beginning(content) };
}

export function contentBytes(content: LaneItem['content']): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Uint8Array ? content.length : content.size;
}

function beginning(content: LaneItem['content']): string | undefined {
  if (typeof content === 'string') return content.slice(0, SAMPLE_LENGTH);
  if (!(content instanceof Uint8Array) || !isUtf8(content)) return undefined;
  return Buffer.from(content).toString().slice(0, SAMPLE_LENGTH);
}
