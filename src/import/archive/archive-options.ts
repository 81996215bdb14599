import type { WikiSettings } from '../../wiki/settings.ts';

/** Which program wrote the files, and so what their names and links mean. */
export type ConventionName = 'plain' | 'obsidian' | 'notion' | 'outline';

export interface ArchiveOptions {
  naming: Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle'> & {
    /** Page below which the pipeline puts everything: links from the root lead there. Default: the root. */
    into?: string;
  };
  /** Default: told from the names of the files. */
  convention?: ConventionName | undefined;
  /** Which files that are no pages come along; see {@link planFolder}. Default `beside`. */
  attachments?: 'beside' | 'all' | 'none' | undefined;
  /** Takes names that begin with a dot, and `node_modules`. Default false. */
  hidden?: boolean | undefined;
  /** Largest page taken, in bytes. Default 10 MiB. */
  maxPageBytes?: number | undefined;
  /** Largest file taken that is no page, in bytes. Default 1 GiB. */
  maxAttachmentBytes?: number | undefined;
  bounds?: ArchiveBounds | undefined;
  signal?: AbortSignal | undefined;
}

/** What an archive or folder may hold. One that holds more is refused as a whole, before anything of it is read. */
export interface ArchiveBounds {
  /** Files. Their names are kept in memory, about 100 bytes each. Default 1,000,000. */
  maxEntries?: number;
  /** Bytes of all files, unpacked. Default 50 GiB. */
  maxUnpackedBytes?: number;
  /** Unpacked bytes of a packed one, where it comes to more than {@link ArchiveBounds.ratioFromBytes}. Default 200. */
  maxRatio?: number;
  /** Default 100 MB. */
  ratioFromBytes?: number;
  /** Bytes of an archive inside of the archive that is compressed again, and so has to be unpacked to memory. Default 64 MiB. */
  maxInnerBytes?: number;
}

export const DEFAULT_BOUNDS = {
  maxEntries: 1_000_000,
  maxUnpackedBytes: 50 * 2 ** 30,
  maxRatio: 200,
  ratioFromBytes: 100_000_000,
  maxInnerBytes: 64 << 20,
} as const satisfies Required<ArchiveBounds>;
