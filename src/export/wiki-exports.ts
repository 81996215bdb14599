import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { Views } from '../wiki/bound/bound-repository.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import { bundleChunks } from './bundle.ts';
import { exportEmpty } from './errors.ts';
import { ExportedVersion } from './exported-version.ts';
import { ndjsonLines } from './ndjson-lines.ts';
import { pagePrefix } from './page-prefix.ts';
import { SpilledDirectory } from './zip/zip-directory.ts';
import { zipStream } from './zip/zip-stream.ts';

/** A version as it is sent: of one commit, as one caller may read it. */
export interface ExportStream {
  /** Undefined: the wiki has none. */
  commit: Oid | undefined;
  /** In constant memory; to be taken once. */
  chunks: AsyncIterable<Uint8Array>;
}

export interface ExportSelection {
  /** Path of a page: it and all below it. Default: everything. */
  prefix?: string | undefined;
  /** 40 hex digits. Default: the newest commit. */
  at?: Oid | undefined;
}

/** The wiki as one file, as one caller may read it. */
export interface WikiExports {
  /**
   * All of it with its whole history as a git bundle, for who administers the wiki.
   * @throws KittiwakeError `forbidden`, `export_empty`
   */
  bundle(): Promise<ExportStream>;
  /** @throws KittiwakeError `commit_not_found` */
  zip(selection: ExportSelection): Promise<ExportStream>;
  /**
   * @param options `after`: the `file` of a line before; what comes behind it
   * @throws KittiwakeError `commit_not_found`
   */
  ndjson(
    selection: ExportSelection,
    options: { after?: string | undefined; attachments: boolean },
  ): Promise<ExportStream>;
}

export interface WikiExportsOptions {
  /** With what the caller may read. */
  views: Views;
  /** All of it; asks whether the caller may. @throws KittiwakeError `forbidden` */
  whole: () => LedgerRepository;
  naming: Pick<WikiSettings, 'retainPageNameCase'>;
}

export function createWikiExports({ views, whole, naming }: WikiExportsOptions): WikiExports {
  return {
    async bundle() {
      const repository = whole();
      const { head } = await repository.view({ maxAgeMs: 0 });
      if (head === undefined) throw exportEmpty();
      return { commit: head, chunks: bundleChunks(repository) };
    },
    async zip({ prefix = '', at }) {
      const version = await ExportedVersion.open(views, at);
      return { commit: version.commit?.oid, chunks: zipChunks(version, pagePrefix(prefix, naming)) };
    },
    async ndjson({ prefix: path = '', at }, options) {
      const version = await ExportedVersion.open(views, at);
      const prefix = pagePrefix(path, naming);
      const chunks = ndjsonLines({ version, naming, prefix, ...options });
      return { commit: version.commit?.oid, chunks };
    },
  };
}

async function* zipChunks(version: ExportedVersion, prefix: string | undefined): AsyncGenerator<Uint8Array> {
  const directory = new SpilledDirectory();
  try {
    yield* zipStream({ version, prefix, directory });
  } finally {
    directory.close();
  }
}
