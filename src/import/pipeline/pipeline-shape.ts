import { nameUnknown } from './errors.ts';
import {
  anyOfKind,
  byColumn,
  choice,
  columnName,
  either,
  integer,
  type JsonSchema,
  kindOf,
  list,
  mustBe,
  object,
  type Shape,
  text,
} from './shape.ts';

const MAX_COLUMNS = 1_000;
const MAX_STEPS = 100;
const MAX_SOURCES = 16;

const template = text('Text with {{column | filter}} in it');
const constant = either(
  {
    string: template,
    number: anyOfKind('number'),
    boolean: anyOfKind('boolean'),
    null: anyOfKind('null'),
  },
  'a text, a number, true, false or null',
);
const columns = either(
  { string: columnName(), array: list(columnName(), MAX_COLUMNS) },
  'a column or a list of columns',
);
const keys = either(
  {
    string: columnName(),
    array: list(columnName(), 16),
    object: byColumn(columnName(), 16),
  },
  'a column, a list of columns that both sides have, or an object {column: column of the other side}',
);
const sourceName = text('The name of a source of this pipeline, or wiki', {
  maxLength: 100,
  isNotEmpty: true,
});
const bounds = {
  'max-rows': integer('Rows that a side may have in memory', 1, 10_000_000, 1_000_000),
  'max-mb': integer('Memory that a side may take, in MiB', 1, 4_096, 128),
};
const joinFields = {
  on: keys,
  rows: choice('Rows without a partner: of none, of this side, of both', ['inner', 'left', 'full'], 'inner'),
  columns: list(columnName(), MAX_COLUMNS),
  prefix: text('Stands in front of the names of the other side’s columns', { maxLength: 100 }),
  unmatched: choice('What the columns of an absent partner are', ['null', null, 'missing'], 'null'),
  strict: choice('Refuses rows with other columns than the first of their input', [true, false], false),
  ...bounds,
};

/** The steps by their names, and what each takes. */
const STEPS: Readonly<Record<string, Shape>> = {
  select: columns,
  drop: columns,
  rename: byColumn(columnName(), MAX_COLUMNS),
  filter: text('A condition: keeps the rows that it holds for', { isNotEmpty: true }),
  map: byColumn(constant, MAX_COLUMNS),
  batch: object(
    {
      size: integer('Rows that become one', 1, 10_000, 100),
      as: columnName(),
      partial: choice('Keeps the last one when it has fewer', [true, false], true),
    },
    ['size'],
  ),
  dedupe: object({
    by: columns,
    limit: integer('Different rows at most', 1, 10_000_000, 2_000_000),
  }),
  'semi-join': object(
    {
      with: sourceName,
      on: keys,
      anti: choice('Keeps those without a partner', [true, false], false),
      ...bounds,
    },
    ['with', 'on'],
  ),
  join: object(
    {
      with: either({ string: sourceName, array: list(sourceName, MAX_SOURCES) }, 'a source or a list'),
      ...joinFields,
    },
    ['with', 'on'],
  ),
  'merge-join': object({ with: sourceName, ...joinFields }, ['with', 'on']),
};

export const STEP_NAMES: readonly string[] = Object.keys(STEPS);
const cache = choice(
  'Keeps the results of this step, or reads the kept ones',
  ['off', 'log', 'replay'],
  'off',
);

const step: Shape = {
  schema: {
    oneOf: STEP_NAMES.map(name => object({ [name]: STEPS[name] as Shape, cache }, [name]).schema),
  },
  check(value, at, add) {
    const wanted = `an object of one step: ${STEP_NAMES.join(', ')}`;
    if (kindOf(value) !== 'object') return add(mustBe(at, wanted, value));
    const names = Object.keys(value as object).filter(name => name !== 'cache');
    const [name] = names;
    if (name === undefined || names.length > 1) return add({ at, message: `it must be ${wanted}` });
    if (!Object.hasOwn(STEPS, name)) {
      return add({ at: [...at, name], message: nameUnknown('step', name, STEP_NAMES) });
    }
    object({ [name]: STEPS[name] as Shape, cache }).check(value, at, add);
  },
};

const source = object({
  file: text('A file beside the pipeline', { maxLength: 4_096, isNotEmpty: true }),
  format: choice('Told from the content by default', ['csv', 'ndjson', 'xlsx', 'markdown']),
  wiki: object({
    columns: list(choice('', ['path', 'title', 'content', 'revision', 'frontmatter']), 5),
  }),
});

const page = object({
  path: template,
  content: template,
  title: template,
  frontmatter: either(
    { array: list(columnName(), MAX_COLUMNS), object: byColumn(constant, MAX_COLUMNS) },
    'a list of columns or an object {name: template}',
  ),
});

/** A whole pipeline as people write it. */
export const PIPELINE: Shape = object({
  sources: byColumn(source, MAX_SOURCES),
  steps: list(step, MAX_STEPS),
  page,
});

/** For editors and other programs: `docs/pipeline.schema.json`. */
export function pipelineSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A pipeline of a Kittiwake import',
    ...PIPELINE.schema,
  };
}
