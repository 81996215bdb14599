import { git } from '../support/native-git.ts';

/** Commits one page with native git: hash-object, update-index, write-tree, commit-tree and update-ref on a bare repository. */
export class PlumbingWriter {
  readonly #gitdir: string;

  constructor(gitdir: string) {
    this.#gitdir = gitdir;
  }

  /** Fills the index, which is then kept from commit to commit. */
  async prepare(): Promise<void> {
    await git(this.#gitdir, ['read-tree', 'HEAD']);
  }

  async commit(path: string, bytes: Buffer): Promise<string> {
    const run = async (args: string[], input?: Buffer) =>
      (await git(this.#gitdir, args, input)).toString().trim();
    const blob = await run(['hash-object', '-w', '--stdin'], bytes);
    await run(['update-index', '--cacheinfo', `100644,${blob},${path}`]);
    const tree = await run(['write-tree']);
    const commit = await run(['commit-tree', tree, '-p', 'HEAD', '-m', `Update ${path}`]);
    await run(['update-ref', 'refs/heads/main', commit]);
    return commit;
  }

  read(path: string): Promise<Buffer> {
    return git(this.#gitdir, ['cat-file', 'blob', `HEAD:${path}`]);
  }
}
