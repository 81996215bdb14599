import { decodeUtf8 } from '../core/bytes.ts';
import { isKittiwakeError } from '../core/errors.ts';
import { gather } from '../core/streams.ts';
import { bodyCut, bodyInvalid, bodyTooLarge } from './errors.ts';
import type { HttpRequest } from './message.ts';
import type { Context } from './route.ts';
import { check, type FromSchema, isObject, type ObjectSchema } from './schema.ts';

/**
 * Reads a request's body. What announces itself as too large is refused before a byte of it is read.
 * @throws KittiwakeError `body_too_large`, `body_cut`
 */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Buffer> {
  const announced = request.headers['content-length'];
  if (announced !== undefined && Number(announced) > maxBytes) throw bodyTooLarge(maxBytes);
  let bytes: Buffer | undefined;
  try {
    bytes = await gather(request.body, maxBytes);
  } catch (error) {
    throw isKittiwakeError(error) ? error : bodyCut(error);
  }
  if (!bytes) throw bodyTooLarge(maxBytes);
  return bytes;
}

/** The texts of what the contract says about bodies that lack something. */
export interface BodyTexts {
  /** No body, none that is JSON, or an empty one. */
  absent: string;
  /** A required field is missing; default: the same as `absent`. */
  missing?: (field: string) => string;
}

/** What came as a body. */
export interface RawBody {
  bytes: Buffer;
  /** Undefined: none, one whose Content-Type is not JSON, or broken JSON. */
  value: unknown;
}

/** @throws KittiwakeError `body_invalid` for what is not UTF-8, `body_too_large`, `body_cut` */
export async function receive(context: Context): Promise<RawBody> {
  const bytes = await context.body();
  return { bytes, value: parseJson(context.request, bytes) };
}

/**
 * A body as its schema describes it.
 * @throws KittiwakeError `body_invalid`
 */
export function conform<const S extends ObjectSchema>(
  { value }: RawBody,
  schema: S,
  texts: BodyTexts,
): FromSchema<S> {
  if (value === undefined || value === null || isEmpty(value)) throw bodyInvalid(texts.absent);
  return checked(value, schema, texts);
}

/** The same where the body may be left out: absent or unreadable, it counts as `{}`. */
export function conformOptional<const S extends ObjectSchema>({ value }: RawBody, schema: S): FromSchema<S> {
  return checked(value ?? {}, schema, { absent: '' });
}

function checked<S extends ObjectSchema>(value: unknown, schema: S, texts: BodyTexts): FromSchema<S> {
  const problem = check(schema, value);
  if (problem?.kind === 'missing') throw bodyInvalid(texts.missing?.(problem.field) ?? texts.absent);
  if (problem) throw bodyInvalid(problem.message);
  return value as FromSchema<S>;
}

/** The fields that are neither absent nor null: in a body the two mean the same. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Undefined: no body, another type, or broken JSON. @throws KittiwakeError `body_invalid` for invalid UTF-8 */
function parseJson(request: HttpRequest, bytes: Buffer): unknown {
  if (bytes.length === 0 || !isJsonType(request.headers['content-type'])) return undefined;
  const text = decodeUtf8(bytes);
  if (text === undefined) throw bodyInvalid('Request body must be UTF-8');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for the Content-Types under which a body is read as JSON. */
export function isJsonType(header: string | undefined): boolean {
  if (header === 'application/json') return true;
  const type = header?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}
