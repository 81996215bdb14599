import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, {
  astToString,
  type OpenAPI3,
  type OpenAPITSOptions,
  type SchemaObject,
} from 'openapi-typescript';
import ts from 'typescript';
import { openApiDocument } from '../src/http/openapi/document.ts';
import { pageOperations } from '../src/http/openapi/page-operations.ts';
import { wikiOperations } from '../src/http/openapi/wiki-operations.ts';
import { ROUTES } from '../src/http/routes/table.ts';

const FILE = 'src/client/endpoints.ts';

const HEAD = `// Made by "npm run draw" from the OpenAPI document; changes are overwritten.

/** Writes that a server carries out once for an Idempotency-Key. */
export const KEYED_WRITES: ReadonlySet<string> = new Set(KEYS);

/** What each operation takes and answers, by method and path. */
export type Endpoints = `;

type Schema = Readonly<Record<string, unknown>>;

interface Described {
  summary: string;
  parameters: readonly {
    name: string;
    in: string;
    required?: boolean;
    description: string;
    schema: Schema;
  }[];
  requestBody?: { required: boolean; content: Content };
  responses: Readonly<Record<string, { content?: Content }>>;
}

type Content = Readonly<Record<string, { schema: Schema }>>;

/** Writes the types of the client library; with `check` it only compares. False when they were out of date. */
export async function placeEndpoints(check: boolean): Promise<boolean> {
  const text = await endpointsText();
  if (readFileSync(FILE, 'utf8') === text) return true;
  if (!check) writeFileSync(FILE, text);
  return false;
}

async function endpointsText(): Promise<string> {
  const described = operations();
  const properties = Object.fromEntries(described.map(([name, operation]) => [name, endpoint(operation)]));
  const nodes = await openapiTS(
    asDocument({ type: 'object', required: Object.keys(properties), properties }),
    {
      transform: bytesAsBlob,
    },
  );
  const keyed = described.filter(([, { parameters }]) => parameters.some(isIdempotencyKey));
  const names = JSON.stringify(keyed.map(([name]) => name));
  return formatted(`${HEAD.replace('KEYS', names)}${plain(astToString(typeOfEndpoints(nodes)))};\n`);
}

/** Without the tags that say what the types say. */
function plain(text: string): string {
  const told = text
    .replace(/^ *\/\*\* @(?:constant|enum).*\*\/\n/gm, '')
    .replace(/^ *\* @(?:constant|enum).*\n/gm, '');
  return told.replaceAll('@description ', '');
}

/** The operations as OpenAPI describes them, by method and path. */
function operations(): [string, Described][] {
  const document = openApiDocument(ROUTES, { ...pageOperations, ...wikiOperations });
  const paths = Object.entries(document.paths as Record<string, Record<string, Described>>);
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]): [string, Described] => [
      `${method.toUpperCase()} ${path}`,
      described,
    ]),
  );
}

/** An operation as one schema: its parameters, its body, and its answer when it went well. */
function endpoint({ summary, parameters, requestBody, responses }: Described): Schema {
  const fields: Record<string, Schema> = {};
  const required: string[] = ['answer'];
  for (const [field, place] of [
    ['params', 'path'],
    ['query', 'query'],
  ] as const) {
    const found = parameters.filter(parameter => parameter.in === place);
    if (found.length === 0) continue;
    fields[field] = record(found);
    if (found.some(parameter => parameter.required)) required.push(field);
  }
  if (requestBody) {
    fields.body = unionOf([requestBody.content]);
    if (requestBody.required) required.push('body');
  }
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  fields.answer = unionOf(answers.flatMap(([, { content }]) => (content ? [content] : [])));
  return { type: 'object', description: summary, required, properties: fields };
}

function record(parameters: Described['parameters']): Schema {
  return {
    type: 'object',
    required: parameters.filter(parameter => parameter.required).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, description, schema }) => [name, { ...schema, description }]),
    ),
  };
}

function unionOf(contents: readonly Content[]): Schema {
  const all = contents.flatMap(content => Object.entries(content)).filter(([type]) => type !== 'text/html');
  const different = new Map(all.map(([, { schema }]) => [JSON.stringify(schema), schema]));
  const schemas = [...different.values()];
  return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
}

function isIdempotencyKey({ name }: { name: string }): boolean {
  return name === 'Idempotency-Key';
}

function asDocument(schema: Schema): OpenAPI3 {
  const schemas = { Endpoints: schema as SchemaObject };
  return { openapi: '3.1.0', info: { title: '', version: '' }, paths: {}, components: { schemas } };
}

const bytesAsBlob: NonNullable<OpenAPITSOptions['transform']> = schema =>
  schema.format === 'binary' ? ts.factory.createTypeReferenceNode('Blob') : undefined;

function typeOfEndpoints(nodes: readonly ts.Node[]): ts.TypeNode {
  const members = nodes.flatMap(node => (ts.isInterfaceDeclaration(node) ? [...node.members] : []));
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type || !ts.isTypeLiteralNode(member.type)) continue;
    const [found] = member.type.members;
    if (found && ts.isPropertySignature(found) && found.type) return found.type;
  }
  throw new Error('cannot make the types of the client: there are no endpoints');
}

function formatted(text: string): string {
  const { status, stdout, stderr } = spawnSync('biome', ['format', `--stdin-file-path=${FILE}`], {
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cannot format ${FILE}: ${stderr}`);
  return stdout;
}
