import { gather } from '../core/streams.ts';
import { titleOf } from '../wiki/markup/describe.ts';
import { readDocument } from '../wiki/markup/frontmatter.ts';
import { decodeText } from '../wiki/markup/text.ts';
import { displayName, isPageFile, pageStem } from '../wiki/name/page-path.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import { ahead } from './ahead.ts';
import { type Content, contentOf, READ_AHEAD } from './content.ts';
import type { ExportedVersion } from './exported-version.ts';
import type { WalkedFile } from './walk-files.ts';

export interface NdjsonOptions {
  version: ExportedVersion;
  /** Of the wiki. */
  naming: Pick<WikiSettings, 'retainPageNameCase'>;
  /** Of a page: it and all below it. Default: everything. */
  prefix?: string | undefined;
  /** The `file` of a line before: what comes behind it. */
  after?: string | undefined;
  /** Files that are no pages come too. */
  attachments: boolean;
  /** Told of links and submodules, which are left out. */
  left?: (file: WalkedFile) => void;
  /** Called when all of a line was taken. */
  onLine?: (file: WalkedFile) => void;
}

/** A page with more is told in base64, in pieces. */
const MAX_PAGE_BYTES = 32 << 20;
/** A multiple of three: base64 of the pieces is that of the whole. */
const BASE64_BYTES = 96 << 10;

/**
 * The files of a version as lines of JSON, in the order of their paths. A page: `file`, `path`, `name`, `revision` (the commit that
 * changed it last), `frontmatter` (null without one) and `content`, the whole text. Another file, and a page that is not UTF-8 or has more than 32 MiB: `file`,
 * `revision`, `base64`. Memory is bounded, whatever the size of a file.
 */
export async function* ndjsonLines(options: NdjsonOptions): AsyncGenerator<Uint8Array> {
  const { version, attachments, onLine } = options;
  const load = async (file: WalkedFile) => {
    const [content, change] = await Promise.all([contentOf(version, file), version.lastChange(file)]);
    return { file, content, revision: change?.commit ?? null };
  };
  async function* wanted() {
    for await (const file of version.files(options, options.left))
      if (attachments || isPageFile(file.path)) yield file;
  }
  for await (const loaded of ahead(wanted(), READ_AHEAD, load)) {
    yield* lineOf(loaded, options);
    onLine?.(loaded.file);
  }
}

interface Loaded {
  file: WalkedFile;
  content: Content;
  revision: string | null;
}

async function* lineOf(
  { file, content, revision }: Loaded,
  { naming }: NdjsonOptions,
): AsyncGenerator<Uint8Array> {
  const bytes = isPageFile(file.path) ? await wholeOf(content) : undefined;
  const text = bytes && decodeText(bytes);
  if (text !== undefined) {
    const document = await readDocument(text);
    const path = pageStem(file.path);
    const name = titleOf(document) ?? displayName(file.path, naming);
    const { frontmatter } = document;
    const line = { file: file.path, path, name, revision, frontmatter, content: text };
    yield Buffer.from(`${JSON.stringify(line)}\n`);
    return;
  }
  yield Buffer.from(`${JSON.stringify({ file: file.path, revision }).slice(0, -1)},"base64":"`);
  yield* base64(bytes ? [bytes] : content.kind === 'whole' ? [content.bytes] : content.chunks);
  yield Buffer.from('"}\n');
}

/** Undefined: it is larger than any page. */
async function wholeOf(content: Content): Promise<Buffer | undefined> {
  if (content.kind === 'whole') return content.bytes;
  return content.size > MAX_PAGE_BYTES ? undefined : await gather(content.chunks, content.size);
}

async function* base64(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    const whole = rest.length - (rest.length % BASE64_BYTES);
    if (whole > 0) yield Buffer.from(rest.toString('base64', 0, whole), 'latin1');
    rest = rest.subarray(whole);
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
}
