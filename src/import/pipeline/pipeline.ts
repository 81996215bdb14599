/**
 * A pipeline that was checked ({@link checkPipeline}): plain data, without what may be left out. What each part does is in
 * `docs/import.md`.
 */
export interface CheckedPipeline {
  /** Other inputs of joins, by name. */
  readonly sources: Readonly<Record<string, OtherSource>>;
  readonly steps: readonly Step[];
  readonly page: PageChoice;
}

/** Where the other side of a join comes from. */
export type OtherSource =
  | { readonly kind: 'file'; readonly file: string; readonly format?: string }
  /** The pages of the wiki as of the moment the job was made. */
  | { readonly kind: 'wiki'; readonly columns: readonly WikiColumn[] };

export type WikiColumn = 'path' | 'title' | 'content' | 'revision' | 'frontmatter';

export type Step = { readonly cache: CacheMode } & (
  | { readonly kind: 'select' | 'drop'; readonly columns: readonly string[] }
  | { readonly kind: 'rename'; readonly names: Readonly<Record<string, string>> }
  | { readonly kind: 'filter'; readonly expression: string }
  | { readonly kind: 'map'; readonly columns: Readonly<Record<string, Constant>> }
  | { readonly kind: 'batch'; readonly size: number; readonly as: string; readonly partial: boolean }
  /** `by` undefined: all columns. */
  | { readonly kind: 'dedupe'; readonly by?: readonly string[]; readonly limit: number }
  | SemiJoinStep
  | JoinStep
);

export type CacheMode = 'off' | 'log' | 'replay';

/** Texts are templates. */
export type Constant = string | number | boolean | null;

export interface SemiJoinStep {
  readonly kind: 'semi-join';
  readonly with: string;
  readonly on: JoinKeys;
  /** Keeps the rows that have no partner. */
  readonly anti: boolean;
  readonly bound: SideBound;
}

export interface JoinStep {
  readonly kind: 'join' | 'merge-join';
  /** More than one: joined in turn. None: rows pass as they are. A merge-join has one. */
  readonly with: readonly string[];
  readonly on: JoinKeys;
  readonly rows: JoinRows;
  /** Of the other side; undefined: all. */
  readonly columns?: readonly string[];
  /** In front of the names of the other side's columns. */
  readonly prefix: string;
  /** What the columns of the side that has no partner are. */
  readonly unmatched: 'null' | 'missing';
  /** Refuses rows whose columns differ from those of their input's first row. */
  readonly strict: boolean;
  readonly bound: SideBound;
}

/** Which rows a join gives besides those with a partner: none, those of this side, those of both. */
export type JoinRows = 'inner' | 'left' | 'full';

/** By column of this side, that of the other. */
export type JoinKeys = Readonly<Record<string, string>>;

/** What one side of a join may take of the memory. */
export interface SideBound {
  /** Default 1,000,000. */
  readonly maxRows: number;
  /** As {@link rowBytes} estimates. Default 128 MiB. */
  readonly maxBytes: number;
}

/** How a row becomes a file. All texts are templates. */
export interface PageChoice {
  readonly path: string;
  readonly content: string;
  /** By name, each a template or a constant; set where the content has none of that name. */
  readonly frontmatter: Readonly<Record<string, Constant>>;
}

/** Names of pages as the wiki gives them. */
export interface PageNaming {
  readonly retainPageNameCase: boolean;
  /** Page below which all is put; `''`: the root. */
  readonly into: string;
}

/** What `compilePipeline` needs in any thread: plain data. */
export interface PipelineSpec {
  readonly pipeline: CheckedPipeline;
  readonly naming: PageNaming;
}
