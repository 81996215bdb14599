import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { displayPath } from '../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import { openStored } from '../../test/support/stored-wiki.ts';
import { pagePath } from '../support/page-layout.ts';
import { pageText, revised } from '../support/page-text.ts';
import { storeAt } from '../support/s3-store.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { stageWiki, type WikiSize } from '../support/staged-wiki.ts';
import { expectSame } from '../support/verify.ts';
import { CommitMeter } from './commit-meter.ts';

const EDITED_BYTES = 2_000;

/** A wiki in a bucket that one process updates, page after page, with the revisions it knows. */
export class BucketWiki {
  readonly size: WikiSize;
  readonly uuid: string;
  readonly meter: CommitMeter;
  readonly repository: LedgerRepository;
  readonly #wiki: Wiki;
  readonly #server: ServerUnderTest;
  readonly #loaded: string;
  readonly #written = new Map<number, { revision: string; content: string }>();

  static async make(server: ServerUnderTest, size: WikiSize, kept: string | undefined): Promise<BucketWiki> {
    const prefix = prefixOf(server, size);
    const uuid = await stageWiki(storeAt(server.target, prefix), size, kept);
    const meter = new CommitMeter();
    const repository = openStored(storeAt(server.target, prefix, meter.note), uuid);
    const { head = '' } = await repository.view();
    return new BucketWiki({ server, size, uuid, meter, repository, loaded: head });
  }

  private constructor(parts: {
    server: ServerUnderTest;
    size: WikiSize;
    uuid: string;
    meter: CommitMeter;
    repository: LedgerRepository;
    loaded: string;
  }) {
    this.#server = parts.server;
    this.size = parts.size;
    this.uuid = parts.uuid;
    this.meter = parts.meter;
    this.repository = parts.repository;
    this.#loaded = parts.loaded;
    this.#wiki = createWiki({ repository: parts.repository, runtime: systemRuntime });
  }

  get prefix(): string {
    return prefixOf(this.#server, this.size);
  }

  /** A new text for page `index`, to be given to {@link update}. */
  edit(index: number, round: number): { index: number; path: string; content: string; revision: string } {
    const { pages, layout } = this.size;
    const path = displayPath(pagePath(index, pages, layout), DEFAULT_SETTINGS);
    const content = revised(pageText({ seed: index, bytes: EDITED_BYTES }), round);
    return { index, path, content, revision: this.revisionOf(index) };
  }

  /** The newest commit that touched the page. */
  revisionOf(index: number): string {
    return this.#written.get(index)?.revision ?? this.#loaded;
  }

  async update(edit: ReturnType<BucketWiki['edit']>): Promise<void> {
    const { body } = await this.#wiki.putPage(edit);
    this.noteWritten(edit, body.revision);
  }

  /** Somebody wrote it. */
  noteWritten({ index, content }: { index: number; content: string }, revision: string): void {
    this.#written.set(index, { revision, content });
  }

  /** Packs that the ledger lists, as far as this process knows. */
  packs(): number {
    return this.repository.swap.held()?.value.packs.length ?? 0;
  }

  /** Reads what was written last with nothing in memory. @throws Error when it is not there */
  async expectWritten(index: number): Promise<void> {
    const wanted = this.#written.get(index);
    const repository = openStored(storeAt(this.#server.target, this.prefix), this.uuid);
    const { path } = this.edit(index, 0);
    const { body } = await createWiki({ repository, runtime: systemRuntime }).readPage(path);
    expectSame(`the text of "${path}"`, body.content, wanted?.content);
    expectSame(`the revision of "${path}"`, body.revision, wanted?.revision);
  }
}

function prefixOf({ prefix }: ServerUnderTest, { pages, layout }: WikiSize): string {
  return `${prefix}/${layout}-${pages}`;
}
