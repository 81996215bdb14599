import type { JoinKeys, OtherSource, PageChoice, SideBound, Step, WikiColumn } from './pipeline.ts';

/** Values of a pipeline that has its shape, with what was left out. */

type Written = Readonly<Record<string, unknown>>;

const MIB = 1024 * 1024;
const WIKI_COLUMNS: readonly WikiColumn[] = ['path', 'title', 'content', 'revision', 'frontmatter'];

export function readSources(written: Written): Readonly<Record<string, OtherSource>> {
  const named = Object.entries(written).map(([name, value]) => [name, readSource(value as Written)] as const);
  return { wiki: { kind: 'wiki', columns: WIKI_COLUMNS }, ...Object.fromEntries(named) };
}

export function readStep(written: Written): Step {
  const cache = (written.cache ?? 'off') as Step['cache'];
  const kind = Object.keys(written).find(name => name !== 'cache') as Step['kind'];
  const value = written[kind];
  const given = value as Written;
  switch (kind) {
    case 'select':
    case 'drop':
      return { kind, cache, columns: listOf(value) };
    case 'rename':
      return { kind, cache, names: value as Record<string, string> };
    case 'filter':
      return { kind, cache, expression: value as string };
    case 'map':
      return { kind, cache, columns: value as (Step & { kind: 'map' })['columns'] };
    case 'batch': {
      const { size, as = 'rows', partial = true } = given as { size: number; as?: string; partial?: boolean };
      return { kind, cache, size, as, partial };
    }
    case 'dedupe': {
      const { limit = 2_000_000, by } = given as { limit?: number; by?: unknown };
      return { kind, cache, limit, ...(by === undefined ? {} : { by: listOf(by) }) };
    }
    case 'semi-join': {
      const { with: other, anti = false } = given as { with: string; anti?: boolean };
      return { kind, cache, with: other, on: readKeys(given.on), anti, bound: readBound(given) };
    }
    default:
      return { cache, ...readJoin(kind, given) };
  }
}

export function readPage(written: Written): PageChoice {
  const { path = '{{path}}', content = '{{content}}', title } = written as Record<string, string>;
  const { frontmatter = {} } = written;
  const fields = Array.isArray(frontmatter)
    ? Object.fromEntries(frontmatter.map((name: string) => [name, `{{[${name}] | default: ""}}`]))
    : (frontmatter as PageChoice['frontmatter']);
  return { path, content, frontmatter: title === undefined ? fields : { title, ...fields } };
}

function readSource({ file, format, wiki }: Written): OtherSource {
  if (wiki !== undefined) {
    const { columns = WIKI_COLUMNS } = wiki as { columns?: readonly WikiColumn[] };
    return { kind: 'wiki', columns };
  }
  return {
    kind: 'file',
    file: file as string,
    ...(format === undefined ? {} : { format: format as string }),
  };
}

function readJoin(kind: 'join' | 'merge-join', given: Written) {
  const { columns, rows = 'inner', prefix = '', unmatched = 'null', strict = false } = given;
  return {
    kind,
    with: listOf(given.with),
    on: readKeys(given.on),
    rows,
    prefix,
    unmatched: unmatched ?? 'null',
    strict,
    bound: readBound(given),
    ...(columns === undefined ? {} : { columns }),
  } as Omit<Step & { kind: 'join' | 'merge-join' }, 'cache'>;
}

function readBound(given: Written): SideBound {
  const { 'max-rows': maxRows = 1_000_000, 'max-mb': mib = 128 } = given as Record<string, number>;
  return { maxRows, maxBytes: mib * MIB };
}

function readKeys(on: unknown): JoinKeys {
  if (typeof on === 'object' && !Array.isArray(on)) return on as JoinKeys;
  return Object.fromEntries(listOf(on).map(name => [name, name]));
}

function listOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : (value as readonly string[]);
}
