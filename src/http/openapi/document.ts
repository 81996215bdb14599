import type { Route } from '../route.ts';
import { STATUS } from '../status.ts';
import { errorAnswer } from './answers.ts';
import type { Operation, Parameter } from './operation.ts';
import { idempotencyKey } from './parameters.ts';

type Json = Readonly<Record<string, unknown>>;

/** Refusals that any operation of a kind can answer with. */
const ALWAYS = ['path_invalid', 'query_invalid', 'method_not_allowed', 'rate_limited', 'internal'];
const KEYED = [
  'auth_missing',
  'auth_invalid',
  'token_of_other_wiki',
  'keys_unavailable',
  'object_replaced',
  'wiki_absent',
];
const WRITES = [
  'body_invalid',
  'body_too_large',
  'body_cut',
  'contention',
  'cross_site',
  'deadline_exceeded',
  'outcome_unknown',
  'storage_full',
];

/** Of what takes an Idempotency-Key. */
const IDEMPOTENCY = ['idempotency_key_invalid', 'idempotency_mismatch'];

/** Of what changes the wiki. */
const COMMITS = ['forbidden', 'quota_pages', 'quota_bytes', 'commit_message_required'];

/** The OpenAPI 3.1 document of a route table. `operations` has an entry for each route, by name. */
export function openApiDocument(
  routes: readonly Route[],
  operations: Readonly<Record<string, Operation>>,
): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const operation = operations[route.name];
    if (!operation) continue;
    const path = route.pattern.replaceAll('...}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kittiwake',
      version: '1',
      description:
        'A wiki of Markdown pages in git. A page path may hold slashes: {path} takes one or more segments. Times are ISO 8601, revisions are commit ids.',
    },
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'The key of the server, a token or a JWT.' },
        password: { type: 'http', scheme: 'basic', description: 'E-mail address and password of a user.' },
      },
      schemas: { Error: errorAnswer },
    },
  };
}

function describe(route: Route, operation: Operation): Json {
  const writes = operation.request !== undefined;
  const commits =
    (route.access === 'write' || route.access === 'upload') && !operation.errors?.includes('forbidden');
  const headers = [...(operation.headers ?? []), ...(writes && commits ? [idempotencyKey] : [])];
  const codes = [
    ...ALWAYS,
    ...(route.access === 'open' ? [] : KEYED),
    ...(writes ? WRITES : []),
    ...(commits ? COMMITS : []),
    ...(writes && commits ? IDEMPOTENCY : []),
    ...(operation.errors ?? []),
  ];
  return {
    operationId: route.name,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.tag],
    security: route.access === 'open' ? [] : [{ key: [] }, { password: [] }],
    parameters: [
      ...pathParameters(route.pattern),
      ...(operation.query ?? []).map(parameter => ({ ...parameter, in: 'query' })),
      ...headers.map(parameter => ({ ...parameter, in: 'header' })),
    ],
    ...(operation.request ? { requestBody: requestBody(operation.request) } : {}),
    responses: { ...answersOf(operation), ...refusals(codes) },
  };
}

function pathParameters(pattern: string): Json[] {
  return [...pattern.matchAll(/\{(\w+)(\.{3})?\}/g)].map(([, name, many]) => ({
    name,
    in: 'path',
    required: true,
    description: many ? 'One or more segments; slashes are not encoded.' : 'One segment.',
    schema: { type: 'string' },
  }));
}

/** A body or an answer of any type but JSON. */
const BYTES = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const HTML = { 'text/html': { schema: { type: 'string' } } };

function requestBody({ required, schemas, bytes }: NonNullable<Operation['request']>): Json {
  const schema = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  const documented = schemas.length === 0 ? {} : { 'application/json': { schema } };
  return { required, content: { ...documented, ...(bytes ? BYTES : {}) } };
}

function answersOf(operation: Operation): Record<string, Json> {
  const entries = Object.entries(operation.answers).map(
    ([status, { description, schema, headers, bytes, html }]) => {
      const others = { ...(bytes ? BYTES : {}), ...(html ? HTML : {}) };
      const content = { ...(schema ? { 'application/json': { schema } } : {}), ...others };
      const shown = Object.keys(content).length === 0 ? {} : { content };
      return [status, { description, ...headersOf(headers), ...shown }] as const;
    },
  );
  return Object.fromEntries(entries);
}

function headersOf(headers: readonly Parameter[] = []): Json {
  if (headers.length === 0) return {};
  const entries = headers.map(({ name, description, schema }) => [name, { description, schema }] as const);
  return { headers: Object.fromEntries(entries) };
}

/** One answer a status, with the codes that lead to it. */
function refusals(codes: readonly string[]): Record<string, Json> {
  const byStatus = new Map<number, Set<string>>();
  for (const code of codes) {
    const status = STATUS[code] ?? 500;
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const entries = [...byStatus].map(([status, set]) => {
    const names = [...set].sort();
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { code: { enum: names } } }],
    };
    const description = names.map(name => `\`${name}\``).join(', ');
    return [String(status), { description, content: { 'application/json': { schema } } }] as const;
  });
  return Object.fromEntries(entries);
}
