import { refuseHidden } from '../http/path.ts';
import {
  check,
  type FlagSchema,
  isObject,
  type ListSchema,
  type TextSchema,
  type WholeSchema,
} from '../http/schema.ts';
import { argumentsInvalid } from './errors.ts';

/** The schema of a tool's arguments: what `http/schema.ts` checks, with bounds. Whole numbers beyond theirs are drawn in. */
export interface ArgumentsSchema {
  readonly type: 'object';
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, ArgumentSchema>>;
}

type ArgumentSchema =
  | (TextSchema & { readonly maxLength?: number })
  | (WholeSchema & { readonly minimum?: number; readonly maximum?: number; readonly default?: number })
  | FlagSchema
  | ListSchema;

/**
 * The arguments of a call. Null means the same as absent. What no argument is called is refused: a misspelt `dry_run` would write.
 * @throws KittiwakeError `body_invalid`, `path_invalid`
 */
export function checkedArguments(schema: ArgumentsSchema, given: unknown): Record<string, unknown> {
  const args = isObject(given) ? withoutNulls(given) : (given ?? {});
  const problem = check({ ...schema, additionalProperties: false }, args);
  if (problem !== undefined) {
    throw argumentsInvalid(
      problem.kind === 'missing' ? `Missing required argument: ${problem.field}` : problem.message,
    );
  }
  const checked = args as Record<string, unknown>;
  for (const [name, value] of Object.entries(checked))
    checked[name] = bounded(name, schema.properties[name], value);
  return checked;
}

/** Where something percent-encoded could hide, as in the paths of requests. */
const PATHS = ['path', 'new_path', 'filename'];

function withoutNulls(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function bounded(name: string, schema: ArgumentSchema | undefined, value: unknown): unknown {
  if (typeof value === 'string') {
    if (PATHS.includes(name)) refuseHidden(value);
    const { maxLength = Number.POSITIVE_INFINITY } = schema as { maxLength?: number };
    if (value.length > maxLength)
      throw argumentsInvalid(`${name} has ${value.length} characters, the limit is ${maxLength}`);
  }
  if (typeof value !== 'number') return value;
  const { minimum = value, maximum = value } = schema as { minimum?: number; maximum?: number };
  return Math.min(Math.max(value, minimum), maximum);
}

/** A text that was given: an empty one counts as absent, as models send both. */
export function given<N extends string>(
  texts: Readonly<Record<N, string | undefined>>,
): { [K in N]?: string } {
  const entries = Object.entries(texts).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as { [K in N]?: string };
}
