import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '../../src/mcp/tools/table.ts';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';
import { type Call, callerOf } from './tool-call.ts';

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;
let call: Call;
let head: string | undefined;
let revision: string;

beforeAll(async () => {
  wiki = await openMcpWiki({}, step => steps.push(step));
  revision = await wiki.write('Home', 'text');
  head = await wiki.head();
  call = await callerOf(await wiki.connect());
});

afterAll(async () => {
  for (const step of steps) await step();
});

/** Arguments that every tool would take. */
const good: Record<string, unknown> = {
  path: 'Home',
  new_path: 'Elsewhere',
  query: 'text',
  content: 'eA==',
  filename: 'a.txt',
  old_string: 'text',
  new_string: 'x',
  section: 'A',
  changes: [{ op: 'put', path: 'New', content: 'x' }],
};

function argsOf(required: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(required.map(name => [name, good[name] ?? revision]));
}

/** A path that there is nothing at has no links. */
const withPath = TOOLS.filter(({ name, input }) => input.required?.includes('path') && name !== 'get_links');

describe.each(TOOLS.map(tool => [tool.name, tool] as const))('%s', (name, { input }) => {
  const args = () => argsOf(input.required);

  test('refuses what it has no argument for', async () => {
    for (const odd of ['dryrun', 'Path', '__proto__x', 'constructor']) {
      const { isError, data } = await call(name, { ...args(), [odd]: true });
      expect([isError, data.error.code], odd).toEqual([true, 'body_invalid']);
    }
  });

  test('refuses arguments of other types', async () => {
    const wrong: unknown[] = [{}, [{}], { toString: 'x' }, 1.5];
    for (const [argument, schema] of Object.entries(input.properties)) {
      const others = schema.type === 'integer' ? ['1', ...wrong] : [1, ...wrong];
      for (const value of others) {
        const { data } = await call(name, { ...args(), [argument]: value });
        expect(data.error.code, `${argument} ${JSON.stringify(value)}`).toBe('body_invalid');
      }
    }
  });

  test('refuses to go without an argument that it needs', async () => {
    for (const missing of input.required ?? []) {
      const { [missing]: _, ...rest } = args();
      const { text } = await call(name, rest);
      expect(text).toBe(`Invalid request: Missing required argument: ${missing}.`);
    }
  });

  test('refuses lone surrogates', async () => {
    for (const [argument, schema] of Object.entries(input.properties)) {
      if (schema.type !== 'string' || 'enum' in schema) continue;
      // Sent as an escape: encoded in UTF-8 it could not be.
      const escaped = JSON.stringify({ ...args(), [argument]: 'MARK' }).replace('MARK', '\\ud800');
      const { body } = await wiki.send(
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":${escaped}}}`,
      );
      expect(body.result.structuredContent.error.code, argument).toBe('body_invalid');
    }
  });
});

describe.each(withPath.map(tool => [tool.name, tool] as const))('%s', (name, { input }) => {
  test.each([
    '',
    '..',
    '../x',
    'a/../b',
    'a\u0000b',
    'a\nb',
    '%2e%2e/x',
    '%252e%252e/x',
    '.git/config',
    'a/.git',
    'x'.repeat(2049),
    '/',
  ])('takes no path %j out of the wiki', async path => {
    const { isError, data } = await call(name, { ...argsOf(input.required), path });
    expect(isError).toBe(true);
    expect(['path_invalid', 'page_not_found', 'body_invalid', 'commit_not_found']).toContain(data.error.code);
  });
});

test('names of prototypes are pages like others, or nothing', async () => {
  for (const path of ['__proto__', 'constructor', 'toString']) {
    const { data } = await call('read_note', { path });
    expect(data.error.code).toBe('page_not_found');
    expect((await call('get_links', { path })).data).toMatchObject({ linked_from: [], links_to: [] });
  }
});

test('nothing of all this has changed the wiki', async () => {
  expect(await wiki.head()).toBe(head);
});
