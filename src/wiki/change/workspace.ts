import type { KittiwakeError } from '../../core/errors.ts';
import type { StreamedBlob } from '../../git/large/large.ts';
import { hashObject } from '../../git/object/object-codec.ts';
import { MODE_FILE, MODE_FOLDER, type Oid } from '../../git/object/objects.ts';
import { comparePaths } from '../../git/object/paths.ts';
import type { Change, FileInfo, View } from '../../git/repository.ts';
import { EVERYTHING, type Permits, readsAll } from '../access.ts';
import type { Ground } from '../bound/bound-repository.ts';
import { demandChange } from '../bound/demand.ts';
import { changeForbidden, pageNotFound, pathIsFolder, pathIsLink, pathUnderFile } from '../errors.ts';
import { folderOf } from '../markup/link-target.ts';
import { literalPageFile, pageFile } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import { isRegular } from './file-mode.ts';
import type { WorkTime } from './work-time.ts';

/** A file as the changes made so far leave it. */
export interface WorkFile {
  path: string;
  oid: Oid;
  size: number;
  mode: number;
  /** Its last commit, for revision checks. Undefined when it was made in this workspace. */
  info?: FileInfo;
}

interface Pending extends WorkFile {
  /** Neither this nor `streamed`: an object that exists already. */
  bytes?: Buffer;
  streamed?: StreamedBlob;
}

export interface WorkspaceOptions {
  /** What the caller may do, and read of the view. Default: everything. */
  caller?: Pick<Ground, 'permits' | 'visible'>;
  /** Default: there is no end. */
  time?: WorkTime;
}

/**
 * A view with changes on top of it that are not committed yet. Every write is planned on one: several changes see each
 * other, and become one commit or none. Nothing gets into it that the caller may not change.
 */
export class Workspace {
  /** What the caller may read. */
  readonly view: View;
  /** All that there is: for what must know of everything that it concerns. Nothing of it may get into an answer unasked. */
  readonly whole: View;
  readonly settings: WikiSettings;
  readonly #permits: Permits;
  readonly #time: WorkTime | undefined;
  /** Null: removed. */
  readonly #pending = new Map<string, Pending | null>();
  /** How many pending files lie below each folder. */
  readonly #below = new Map<string, number>();
  readonly #written: string[] = [];

  constructor(whole: View, settings: WikiSettings, options: WorkspaceOptions = {}) {
    const { caller = { permits: EVERYTHING, visible: whole }, time } = options;
    this.view = caller.visible;
    this.whole = whole;
    this.settings = settings;
    this.#permits = caller.permits;
    this.#time = time;
  }

  /** To be called between the steps of what may take long. @throws KittiwakeError `deadline_exceeded` */
  async step(): Promise<void> {
    await this.#time?.step();
  }

  /** See {@link demandChange}. @throws KittiwakeError `forbidden` */
  demand(paths: readonly string[]): void {
    demandChange(this.#permits, paths, this.settings);
  }

  /** The file at a path that the caller may read; undefined for folders, links and submodules. */
  async file(path: string): Promise<WorkFile | undefined> {
    return this.#mayRead(path) ? this.storedFile(path) : undefined;
  }

  /** The same, whether or not the caller may read it. */
  async storedFile(path: string): Promise<WorkFile | undefined> {
    const file = await this.#any(path);
    return file !== undefined && isRegular(file.mode) ? file : undefined;
  }

  /**
   * The file of an existing page: by its normalised name, or by the name as it is (API contract 2.1).
   * @throws KittiwakeError `page_not_found`, `path_invalid`
   */
  async page(request: string): Promise<WorkFile> {
    const file = await this.findPage(request);
    if (file === undefined) throw pageNotFound(request);
    return file;
  }

  /** Like {@link Workspace.page}; undefined when there is none. */
  async findPage(request: string): Promise<WorkFile | undefined> {
    const normalised = pageFile(request, this.settings);
    const literal = literalPageFile(request);
    return (await this.file(normalised)) ?? (literal === normalised ? undefined : await this.file(literal));
  }

  /**
   * Like {@link Workspace.page}, for a change of it: that is refused before anybody learns whether there is such a page.
   * @throws KittiwakeError `forbidden`, `page_not_found`, `path_invalid`
   */
  async pageToChange(request: string): Promise<WorkFile> {
    this.demand([pageFile(request, this.settings)]);
    const file = await this.page(request);
    this.demand([file.path]);
    return file;
  }

  async read(file: WorkFile): Promise<Buffer> {
    return this.#pending.get(file.path)?.bytes ?? this.view.blob(file.oid);
  }

  /**
   * Writes a file. The answer tells whether that changed anything.
   * @throws KittiwakeError `forbidden`, `path_is_folder`, `path_under_page`, `path_is_link`
   */
  async write(path: string, bytes: Buffer): Promise<boolean> {
    return this.#write(path, { oid: hashObject('blob', bytes), size: bytes.length, bytes });
  }

  /** The same with a content that was stored beforehand. */
  async writeStreamed(path: string, streamed: StreamedBlob): Promise<boolean> {
    return this.#write(path, { oid: streamed.oid, size: streamed.size, streamed });
  }

  /** The same with a content that the history holds; it is not read. */
  async writeKnown(path: string, oid: Oid, size: number): Promise<boolean> {
    return this.#write(path, { oid, size });
  }

  async #write(path: string, content: Omit<Pending, 'path' | 'mode' | 'info'>): Promise<boolean> {
    this.demand([path]);
    const before = await this.storedFile(path);
    if (before?.oid === content.oid) return false;
    if (before === undefined) await this.#checkPlace(path);
    const info = before?.info;
    this.#set(path, { path, mode: MODE_FILE, ...content, ...(info === undefined ? {} : { info }) });
    return true;
  }

  /** @throws KittiwakeError `forbidden` */
  remove(path: string): void {
    this.#set(path, null);
  }

  /**
   * Moves files at once, so that one may take the place that another leaves.
   * @throws KittiwakeError as {@link Workspace.write}
   */
  async move(moves: readonly { file: WorkFile; to: string }[]): Promise<void> {
    const moved = moves.map(({ file, to }) => ({
      ...file,
      bytes: this.#pending.get(file.path)?.bytes,
      path: to,
    }));
    this.demand(moves.flatMap(({ file, to }) => [file.path, to]));
    for (const { file } of moves) this.remove(file.path);
    for (const { bytes, ...file } of moved) {
      await this.#checkPlace(file.path);
      this.#set(file.path, bytes === undefined ? file : { ...file, bytes });
    }
  }

  /** Everything below a folder but folders, links and what the caller may not read too, in path order. */
  async filesBelow(folder: string): Promise<WorkFile[]> {
    const found = new Map<string, WorkFile>();
    for (const { path } of await this.whole.files(folder)) {
      const file = await this.#any(path);
      if (file !== undefined) found.set(path, file);
    }
    for (const [path, file] of this.#holdsPending(folder) ? this.#pending : []) {
      if (file !== null && path.startsWith(`${folder}/`)) found.set(path, file);
    }
    return [...found.values()].sort((a, b) => comparePaths(a.path, b.path));
  }

  /** True when a file or a folder with files stands at the path, as far as the caller may read them. */
  async occupied(path: string): Promise<boolean> {
    if ((await this.file(path)) !== undefined || this.#holdsPending(path)) return true;
    return (await this.#storedBelow(path)).some(file => this.#mayRead(file));
  }

  /** Paths in the order in which they were written, without the first `count`; one written again comes again. */
  writtenSince(count: number): string[] {
    return this.#written.slice(count);
  }

  /** What differs from the view, in path order. */
  async changes(): Promise<(Change & { action: 'create' | 'update' | 'delete' })[]> {
    const changes: (Change & { action: 'create' | 'update' | 'delete' })[] = [];
    for (const [path, file] of this.#pending) {
      const before = asWorkFile(await this.whole.file(path));
      if (before?.oid === file?.oid && before?.mode === file?.mode) continue;
      if (file === null) changes.push({ path, to: null, action: 'delete' });
      else changes.push({ path, to: contentOf(file), action: before === undefined ? 'create' : 'update' });
    }
    return changes.sort((a, b) => comparePaths(a.path, b.path));
  }

  #set(path: string, file: Pending | null): void {
    this.demand([path]);
    const more = Number(file !== null) - Number((this.#pending.get(path) ?? null) !== null);
    this.#pending.set(path, file);
    if (file !== null) this.#written.push(path);
    if (more === 0) return;
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
      this.#below.set(folder, (this.#below.get(folder) ?? 0) + more);
  }

  #holdsPending(folder: string): boolean {
    return (this.#below.get(folder) ?? 0) > 0;
  }

  /** What stands at a path, links and submodules too; undefined for folders. */
  async #any(path: string): Promise<WorkFile | undefined> {
    const pending = this.#pending.get(path);
    if (pending !== undefined) return pending ?? undefined;
    return asWorkFile(await this.whole.file(path));
  }

  async #checkPlace(path: string): Promise<void> {
    const there = await this.#any(path);
    if (there !== undefined && !isRegular(there.mode)) throw pathIsLink(path);
    if (this.#holdsPending(path)) throw pathIsFolder(path);
    const below = await this.#storedBelow(path);
    if (below.length > 0) throw this.#inTheWay(below, pathIsFolder(path));
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      if (await this.#isFile(folder)) throw this.#inTheWay([folder], pathUnderFile(path, folder));
    }
  }

  #mayRead(path: string): boolean {
    return readsAll(this.#permits) || this.#permits.may('read', path);
  }

  /** What is in the way is told to those only who may know of it. */
  #inTheWay(paths: readonly string[], error: KittiwakeError): KittiwakeError {
    return paths.some(path => this.#mayRead(path)) ? error : changeForbidden('write', []);
  }

  async #isFile(path: string): Promise<boolean> {
    const pending = this.#pending.get(path);
    if (pending !== undefined) return pending !== null;
    const entry = await this.whole.entry(path);
    return entry !== undefined && entry.mode !== MODE_FOLDER;
  }

  /** Paths of the files below a folder of the view that are still there. */
  async #storedBelow(path: string): Promise<string[]> {
    if ((await this.whole.entry(path))?.mode !== MODE_FOLDER) return [];
    const files = await this.whole.files(path);
    return files.map(file => file.path).filter(file => this.#pending.get(file) !== null);
  }
}

function asWorkFile(info: FileInfo | undefined): WorkFile | undefined {
  return info && { path: info.path, oid: info.oid, size: info.size, mode: info.mode, info };
}

function contentOf(file: Pending): NonNullable<Change['to']> {
  if (file.bytes !== undefined && file.mode === MODE_FILE) return { bytes: file.bytes, oid: file.oid };
  if (file.streamed !== undefined) return { streamed: file.streamed };
  return { oid: file.oid, mode: file.mode, size: file.size };
}
