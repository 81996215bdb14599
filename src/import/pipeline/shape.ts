import { nameUnknown, type PipelineProblem } from './errors.ts';

/** What a value may be: checks it, and describes it in JSON Schema (2020-12). */
export interface Shape {
  readonly schema: JsonSchema;
  /** Tells everything that is wrong. */
  check(value: unknown, at: Place, add: AddProblem): void;
}

export type JsonSchema = { readonly [keyword: string]: unknown };
export type Place = readonly (string | number)[];
export type AddProblem = (problem: PipelineProblem) => void;
type JsonKind = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

interface TextRules {
  readonly maxLength?: number;
  readonly isNotEmpty?: boolean;
}

export function text(
  description: string,
  { maxLength = 100_000, isNotEmpty = false }: TextRules = {},
): Shape {
  return {
    schema: { type: 'string', description, maxLength, ...(isNotEmpty ? { minLength: 1 } : {}) },
    check(value, at, add) {
      if (typeof value !== 'string') return add(mustBe(at, 'a text', value));
      if (isNotEmpty && value === '') add({ at, message: 'it must not be empty' });
      if (value.length > maxLength) add({ at, message: `it must have ${maxLength} characters at most` });
    },
  };
}

/** The name of a column: `__proto__` is none. */
export function columnName(): Shape {
  const inner = text('The name of a column', { maxLength: 1_000, isNotEmpty: true });
  return {
    schema: { ...inner.schema, not: { const: '__proto__' } },
    check(value, at, add) {
      inner.check(value, at, add);
      if (value === '__proto__') add({ at, message: '"__proto__" cannot be the name of a column' });
    },
  };
}

export function integer(description: string, min: number, max: number, standard: number): Shape {
  return {
    schema: { type: 'integer', description, minimum: min, maximum: max, default: standard },
    check(value, at, add) {
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
      if (!fits) add(mustBe(at, `a whole number from ${min} to ${max}`, value));
    },
  };
}

export function choice(
  description: string,
  values: readonly (string | boolean | null)[],
  standard?: unknown,
): Shape {
  const shown = values.map(value => JSON.stringify(value)).join(', ');
  return {
    schema: { enum: values, description, ...(standard === undefined ? {} : { default: standard }) },
    check(value, at, add) {
      if (!values.some(one => one === value)) add(mustBe(at, `one of ${shown}`, value));
    },
  };
}

export function list(items: Shape, max: number): Shape {
  return {
    schema: { type: 'array', items: items.schema, maxItems: max },
    check(value, at, add) {
      if (!Array.isArray(value)) return add(mustBe(at, 'a list', value));
      if (value.length > max) return add({ at, message: `it must have ${max} items at most` });
      for (const [index, item] of value.entries()) items.check(item, [...at, index], add);
    },
  };
}

/** Values of one shape by names of columns. */
export function byColumn(values: Shape, max: number): Shape {
  const name = columnName();
  return {
    schema: {
      type: 'object',
      propertyNames: name.schema,
      additionalProperties: values.schema,
      maxProperties: max,
    },
    check(value, at, add) {
      if (kindOf(value) !== 'object') return add(mustBe(at, 'an object', value));
      const entries = Object.entries(value as object);
      if (entries.length > max) return add({ at, message: `it must have ${max} columns at most` });
      for (const [key, item] of entries) {
        name.check(key, [...at, key], add);
        values.check(item, [...at, key], add);
      }
    },
  };
}

/** An object of these keys and no others. */
export function object(fields: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape {
  const names = Object.keys(fields);
  const properties = Object.fromEntries(names.map(name => [name, (fields[name] as Shape).schema]));
  return {
    schema: {
      type: 'object',
      properties,
      additionalProperties: false,
      ...(required.length === 0 ? {} : { required }),
    },
    check(value, at, add) {
      if (kindOf(value) !== 'object') return add(mustBe(at, `an object of ${names.join(', ')}`, value));
      for (const [key, item] of Object.entries(value as object)) {
        if (Object.hasOwn(fields, key)) (fields[key] as Shape).check(item, [...at, key], add);
        else add({ at: [...at, key], message: nameUnknown('key', key, names) });
      }
      for (const name of required) {
        if (!Object.hasOwn(value as object, name)) add({ at, message: `it must have "${name}"` });
      }
    },
  };
}

/** One of several shapes, told apart by what JSON calls the value. */
export function either(shapes: Partial<Readonly<Record<JsonKind, Shape>>>, wanted: string): Shape {
  return {
    schema: { anyOf: Object.values(shapes).map(({ schema }) => schema) },
    check(value, at, add) {
      const shape = shapes[kindOf(value)];
      if (shape === undefined) add(mustBe(at, wanted, value));
      else shape.check(value, at, add);
    },
  };
}

/** A value that only has to be of a kind. */
export function anyOfKind(kind: 'number' | 'boolean' | 'null'): Shape {
  return { schema: { type: kind }, check: () => {} };
}

export function kindOf(value: unknown): JsonKind {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'object';
}

export function mustBe(at: Place, wanted: string, found: unknown): PipelineProblem {
  const kind = kindOf(found);
  const shown = kind === 'object' || kind === 'array' ? `an ${kind}` : String(JSON.stringify(found));
  return { at, message: `it must be ${wanted}, and is ${shown.length > 60 ? `a ${kind}` : shown}` };
}
