/**
 * The part of JSON Schema (2020-12) that request bodies need. One object does both: `check` reads it, and the OpenAPI
 * document contains it as it is. Keys that a schema does not name are ignored, unless it has no additional properties: where a
 * misspelt limit would be none.
 */
export type Schema = TextSchema | FlagSchema | WholeSchema | ListSchema | ObjectSchema;

interface Described {
  readonly description?: string;
}

/** With `'null'` in `type`, null means the same as an absent field. */
export interface TextSchema extends Described {
  readonly type: 'string' | readonly ['string', 'null'];
  readonly enum?: readonly (string | null)[];
  readonly contentEncoding?: 'base64';
}

export interface FlagSchema extends Described {
  readonly type: 'boolean' | readonly ['boolean', 'null'];
}

export interface WholeSchema extends Described {
  readonly type: 'integer' | readonly ['integer', 'null'];
}

export interface ListSchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
  readonly maxItems?: number;
}

export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false;
}

/** The TypeScript type of what a schema (written `as const`) lets through. */
export type FromSchema<S> = S extends { enum: readonly (infer E)[] }
  ? E
  : S extends { type: 'string' }
    ? string
    : S extends { type: readonly ['string', 'null'] }
      ? string | null
      : S extends { type: 'boolean' }
        ? boolean
        : S extends { type: readonly ['boolean', 'null'] }
          ? boolean | null
          : S extends { type: 'integer' }
            ? number
            : S extends { type: readonly ['integer', 'null'] }
              ? number | null
              : S extends { type: 'array'; items: infer I }
                ? FromSchema<I>[]
                : S extends { type: 'object'; properties: infer P }
                  ? FromProperties<P, S extends { required: readonly (infer R)[] } ? R : never>
                  : never;

type FromProperties<P, R> = { [K in keyof P as K extends R ? K : never]: FromSchema<P[K]> } & {
  [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>;
};

/** The first thing wrong: a required field that is missing anywhere comes before a wrong type anywhere. */
export type Problem = { kind: 'missing'; field: string } | { kind: 'wrong'; message: string };

/** Undefined when `value` fits. */
export function check(schema: Schema, value: unknown): Problem | undefined {
  const problems: Problem[] = [];
  inspect(schema, value, '', problems);
  return problems.find(problem => problem.kind === 'missing') ?? problems[0];
}

function inspect(schema: Schema, value: unknown, at: string, problems: Problem[]): void {
  const { type } = schema;
  if (value === null && typeof type !== 'string') return;
  switch (typeof type === 'string' ? type : type[0]) {
    case 'string':
      inspectText(schema as TextSchema, value, at, problems);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') wrong(at, 'must be true or false', problems);
      return;
    case 'integer':
      if (!Number.isSafeInteger(value)) wrong(at, 'must be a whole number', problems);
      return;
    case 'array':
      inspectList(schema as ListSchema, value, at, problems);
      return;
    case 'object':
      inspectObject(schema as ObjectSchema, value, at, problems);
      return;
  }
}

function inspectText(schema: TextSchema, value: unknown, at: string, problems: Problem[]): void {
  if (typeof value !== 'string') {
    wrong(at, 'must be a string', problems);
    return;
  }
  if (!value.isWellFormed()) {
    wrong(at, 'must be valid Unicode, without lone surrogates', problems);
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const allowed = schema.enum.filter(item => item !== null).map(item => `"${item}"`);
    wrong(at, `must be ${allowed.join(' or ')}`, problems);
  }
}

function inspectList(schema: ListSchema, value: unknown, at: string, problems: Problem[]): void {
  if (!Array.isArray(value)) {
    wrong(at, 'must be a list', problems);
    return;
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    wrong(at, `must have at most ${schema.maxItems} items`, problems);
    return;
  }
  value.forEach((item, index) => {
    inspect(schema.items, item, `${at}[${index}]`, problems);
  });
}

function inspectObject(schema: ObjectSchema, value: unknown, at: string, problems: Problem[]): void {
  if (!isObject(value)) {
    wrong(at, 'must be a JSON object', problems);
    return;
  }
  const prefix = at === '' ? '' : `${at}.`;
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push({ kind: 'missing', field: `${prefix}${name}` });
  }
  for (const [name, part] of Object.entries(schema.properties)) {
    if (Object.hasOwn(value, name)) inspect(part, value[name], `${prefix}${name}`, problems);
  }
  if (schema.additionalProperties !== false) return;
  const known = Object.keys(schema.properties);
  const unknown = Object.keys(value).find(name => !known.includes(name));
  if (unknown !== undefined)
    wrong(at, `has an unknown field '${unknown}', wanted ${known.join(', ')}`, problems);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(at: string, what: string, problems: Problem[]): void {
  problems.push({ kind: 'wrong', message: `${at === '' ? 'Request body' : at} ${what}` });
}
