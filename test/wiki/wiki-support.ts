import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { isPageFile } from '../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS, type WikiSettings } from '../../src/wiki/settings.ts';
import type { WholeWiki } from '../../src/wiki/wiki.ts';
import { newRepository } from '../support/repository.ts';

export interface TestWiki {
  wiki: WholeWiki;
  repository: LedgerRepository;
  /** Creates or replaces a page; the revision. */
  put(path: string, content: string): Promise<string>;
  /** The text of a page. */
  text(path: string): Promise<string>;
  /** Commits files as they are, as a push or an import would. */
  commit(files: Record<string, string | Buffer | null>, message?: string): Promise<string>;
  /** All files of the newest commit. */
  files(): Promise<string[]>;
  /** Messages of all commits, newest first. */
  messages(): Promise<string[]>;
}

/** An empty wiki in memory. */
export async function newWiki(settings: Partial<WikiSettings> = {}): Promise<TestWiki> {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  const repository = await newRepository({ describe: createDescribe(all), isPage: isPageFile });
  return testWiki(repository, createWiki({ repository, settings: all, runtime: systemRuntime }));
}

function testWiki(repository: LedgerRepository, wiki: WholeWiki): TestWiki {
  return {
    wiki,
    repository,
    async put(path, content) {
      const known = await wiki.readPage(path).catch(() => undefined);
      const { body } = await wiki.putPage({ path, content, revision: known?.body.revision });
      return body.revision;
    },
    async text(path) {
      return (await wiki.readPage(path)).body.content;
    },
    async commit(files, message = 'external change') {
      const { result } = await repository.commit({
        plan: async () => ({
          kind: 'commit',
          draft: {
            changes: Object.entries(files).map(([path, content]) => ({
              path,
              to: content === null ? null : { bytes: Buffer.from(content) },
            })),
            message,
            author: { name: 'Somebody', email: 'somebody@example.org' },
          },
          result: made => made.oid,
        }),
      });
      return result;
    },
    async files() {
      return (await (await repository.view()).files('')).map(({ path }) => path);
    },
    async messages() {
      const messages: string[] = [];
      for await (const { commit } of (await repository.view()).log()) messages.push(commit.message.trimEnd());
      return messages;
    },
  };
}
