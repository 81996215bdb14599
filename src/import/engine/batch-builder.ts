import type { BulkRow } from '../../git/bulk/bulk-run.ts';
import { encodeRun, sortRun } from '../../git/bulk/run-file.ts';
import type { PackRef } from '../../git/ledger/ledger.ts';
import type { Oid } from '../../git/object/objects.ts';
import { BlobBatch, type BlobBatchPack } from '../../git/pack/blob-batch.ts';
import type { Description } from '../../git/repository.ts';
import type { createDescribe } from '../../wiki/markup/describe.ts';

/** What maps keep of a file; see `createDescribe`. */
export type DescribeFile = ReturnType<typeof createDescribe>;

const UNDESCRIBED = { description: undefined, targets: [] as readonly string[] };

/** Beside the content of a file: its row, and its entry in the pack's index. */
const ROW_BYTES = 500;

/** A file with a path that was checked. */
export interface BatchFile {
  path: string;
  content: string | Uint8Array | StoredContent;
  source: number;
  row: number;
  /** The wiki has this content: it is not packed. */
  isKnown: boolean;
}

/** A content that was put into a pack of its own. */
export interface StoredContent {
  readonly oid: Oid;
  /** Bytes. */
  readonly size: number;
  /** Undefined in a dry run, and where the wiki has it. */
  readonly pack: PackRef | undefined;
}

/** A pack and the run that tells of it, not stored yet. All buffers own their memory. */
export interface BuiltBatch {
  /** Undefined where all blobs were known. */
  pack: BlobBatchPack | undefined;
  run: Buffer;
  rows: number;
  large: PackRef[];
}

/** Makes files into a pack and a sorted run. */
export class BatchBuilder {
  readonly #describe: DescribeFile;
  readonly #blobs = new BlobBatch();
  #rows: BulkRow[] = [];
  #large: PackRef[] = [];
  /** Of descriptions that wait for the YAML library. */
  #waiting: Promise<void>[] = [];
  #bytes = 0;

  constructor(describe: DescribeFile) {
    this.#describe = describe;
  }

  /** About what it holds, before deflating. */
  get bytes(): number {
    return this.#bytes;
  }

  idOf(content: BatchFile['content']): Oid {
    return isStored(content) ? content.oid : this.#blobs.hash(content).oid;
  }

  /** Returns the size of the content in bytes. */
  add(file: BatchFile): number {
    return isStored(file.content)
      ? this.#addStored(file, file.content)
      : this.#addContent(file, file.content);
  }

  #addContent({ path, source, row, isKnown }: BatchFile, content: string | Uint8Array): number {
    const blob = this.#blobs.hash(content);
    const size = blob.bytes.length;
    const place = isKnown ? undefined : this.#blobs.add(blob);
    const made: BulkRow = { path, oid: blob.oid, size, place, ...UNDESCRIBED, source, row };
    const described = this.#describe(path, typeof content === 'string' ? content : blob.bytes);
    if (described instanceof Promise) this.#waiting.push(described.then(each => setDescription(made, each)));
    else setDescription(made, described);
    this.#rows.push(made);
    this.#bytes += size + ROW_BYTES;
    return size;
  }

  #addStored({ path, source, row }: BatchFile, { oid, size, pack }: StoredContent): number {
    this.#rows.push({ path, oid, size, place: undefined, ...UNDESCRIBED, source, row });
    if (pack) this.#large.push(pack);
    this.#bytes += ROW_BYTES;
    return size;
  }

  /** Undefined where nothing was added. The builder is empty afterwards. */
  async finish(): Promise<BuiltBatch | undefined> {
    await Promise.all(this.#waiting);
    if (this.#rows.length === 0) return undefined;
    const run = joined(encodeRun(sortRun(this.#rows)));
    const built = { pack: this.#blobs.finish(), run, rows: this.#rows.length, large: this.#large };
    this.#rows = [];
    this.#large = [];
    this.#waiting = [];
    this.#bytes = 0;
    return built;
  }
}

function isStored(content: BatchFile['content']): content is StoredContent {
  return typeof content !== 'string' && !(content instanceof Uint8Array);
}

function setDescription(row: BulkRow, description: Description<unknown> | undefined): void {
  if (!description) return;
  const targets = description.targets.length > 1 ? [...new Set(description.targets)] : description.targets;
  row.description = JSON.stringify({ facts: description.facts, targets });
  row.targets = targets;
}

/** In memory of its own. */
function joined(parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
