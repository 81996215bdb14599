import type { BulkRow } from '../../git/bulk/bulk-run.ts';
import { RunBuilder } from '../../git/bulk/run-builder.ts';
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
  readonly #run = new RunBuilder();
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
    if (described instanceof Promise) this.#waiting.push(described.then(each => this.#addRow(made, each)));
    else this.#addRow(made, described);
    this.#bytes += size + ROW_BYTES;
    return size;
  }

  #addStored({ path, source, row }: BatchFile, { oid, size, pack }: StoredContent): number {
    this.#run.add({ path, oid, size, place: undefined, ...UNDESCRIBED, source, row });
    if (pack) this.#large.push(pack);
    this.#bytes += ROW_BYTES;
    return size;
  }

  #addRow(row: BulkRow, description: Description<unknown> | undefined): void {
    if (description) setDescription(row, description);
    this.#run.add(row);
  }

  /** Undefined where nothing was added. The builder is empty afterwards. */
  async finish(): Promise<BuiltBatch | undefined> {
    await Promise.all(this.#waiting);
    const rows = this.#run.count;
    if (rows === 0) return undefined;
    const built = { pack: this.#blobs.finish(), run: this.#run.finish(), rows, large: this.#large };
    this.#large = [];
    this.#waiting = [];
    this.#bytes = 0;
    return built;
  }
}

function isStored(content: BatchFile['content']): content is StoredContent {
  return typeof content !== 'string' && !(content instanceof Uint8Array);
}

function setDescription(row: BulkRow, description: Description<unknown>): void {
  const targets = description.targets.length > 1 ? [...new Set(description.targets)] : description.targets;
  row.description = JSON.stringify({ facts: description.facts, targets });
  row.targets = targets;
}
