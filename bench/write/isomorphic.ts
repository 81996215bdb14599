import fs from 'node:fs';
import isomorphic, { type TreeEntry } from 'isomorphic-git';
import { AUTHOR } from '../../test/support/stored-wiki.ts';

/** Commits one page with isomorphic-git by its fastest way: no index and no checkout, its cache kept. */
export class IsomorphicWriter {
  readonly #gitdir: string;
  readonly #cache = {};

  constructor(gitdir: string) {
    this.#gitdir = gitdir;
  }

  async commit(path: string, bytes: Buffer): Promise<string> {
    const base = this.#base();
    const parent = await isomorphic.resolveRef({ ...base, ref: 'HEAD' });
    const { commit } = await isomorphic.readCommit({ ...base, oid: parent });
    const blob = await isomorphic.writeBlob({ ...base, blob: bytes });
    const tree = await this.#replace(commit.tree, path.split('/'), blob);
    const seconds = Math.floor(Date.now() / 1000);
    const who = { ...AUTHOR, timestamp: seconds, timezoneOffset: 0 };
    const message = `Update ${path}\n`;
    const made = { tree, parent: [parent], author: who, committer: who, message };
    const oid = await isomorphic.writeCommit({ ...base, commit: made });
    await isomorphic.writeRef({ ...base, ref: 'refs/heads/main', value: oid, force: true });
    return oid;
  }

  async read(path: string): Promise<Buffer> {
    const base = this.#base();
    const oid = await isomorphic.resolveRef({ ...base, ref: 'HEAD' });
    const { blob } = await isomorphic.readBlob({ ...base, oid, filepath: path });
    return Buffer.from(blob);
  }

  #base() {
    return { fs, gitdir: this.#gitdir, cache: this.#cache };
  }

  async #replace(treeOid: string, [name = '', ...below]: string[], blob: string): Promise<string> {
    const { tree } = await isomorphic.readTree({ ...this.#base(), oid: treeOid });
    const index = tree.findIndex(entry => entry.path === name);
    const old = tree[index];
    if (old === undefined) throw new Error(`Committing with isomorphic-git fails: there is no ${name}`);
    const oid = below.length === 0 ? blob : await this.#replace(old.oid, below, blob);
    const next: TreeEntry[] = [...tree];
    next[index] = { ...old, oid };
    return isomorphic.writeTree({ ...this.#base(), tree: next });
  }
}
