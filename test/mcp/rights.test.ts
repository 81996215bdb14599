import { beforeAll, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { type Caller, createCallers } from '../auth/matrix/callers.ts';
import { RULES } from '../auth/matrix/operations.ts';
import { type CleanUp, type Harness, KEY, openWiki } from '../http/harness.ts';

/** The same twice: as a request of the API, and as a tool call. What would change something is only tried out. */
interface Question {
  what: string;
  rest: [method: string, path: string, body?: object];
  tool: [name: string, given: Record<string, unknown>];
}

const clock = { aheadMs: 0 };
let wiki: Harness;
let callers: readonly Caller[];
let questions: readonly Question[];

beforeAll(async () => {
  const steps: (() => Promise<void>)[] = [];
  const cleanUp: CleanUp = step => void steps.unshift(step);
  const areas = { READ_ACCESS: 'REGISTERED', WRITE_ACCESS: 'APPROVED', ATTACHMENT_ACCESS: 'ADMIN' };
  const now = () => systemRuntime.now() + clock.aheadMs;
  wiki = await openWiki(areas, cleanUp, { ...systemRuntime, now });
  await wiki.call('POST', '/users', { name: 'The First', email: 'first@example.org' });
  questions = [
    ...general(),
    ...(await questionsAt('Docs/Intro')),
    ...(await questionsAt('Team/Plans')),
    ...(await questionsAt('Docs/Absent', false)),
  ];
  callers = await createCallers(wiki, clock, cleanUp);
  await wiki.call('PUT', '/policy/rules', { rules: RULES }, { 'if-match': '*' });
  return async () => {
    for (const step of steps) await step();
  };
}, 120_000);

test('tools do for every caller what the API does, and refuse what it refuses', async () => {
  const differences: string[] = [];
  const verdicts = { done: 0, refused: 0 };
  for (const caller of callers) {
    for (const question of questions) {
      const [rest, tool] = [await askApi(question, caller), await callTool(question, caller)];
      verdicts[rest === 'done' ? 'done' : 'refused'] += 1;
      // A tool that somebody can never use does not exist for them.
      const isSame = rest === tool || (tool === 'unknown tool' && rest === 'forbidden');
      if (!isSame)
        differences.push(`${question.what} as ${caller.column}: ${rest} by the API, ${tool} by the tool`);
    }
  }
  expect(differences).toEqual([]);
  expect(Math.min(verdicts.done, verdicts.refused)).toBeGreaterThan(50);
}, 120_000);

async function questionsAt(page: string, isThere = true): Promise<Question[]> {
  const made = isThere ? await wiki.call('PUT', `/pages/${page}`, { content: 'some text\n' }) : undefined;
  const inline = { filename: 'a.txt', content: 'eA==' };
  if (isThere) await wiki.call('POST', `/pages/${page}/attachments`, inline);
  const write = { content: 'other\n', ...(made && { revision: made.body.revision }) };
  const patch = { revision: made?.body.revision ?? '0'.repeat(40), old_string: 'some', new_string: 'any' };
  const dry = { dry_run: true };
  const at = { path: page };
  const file = { ...at, filename: 'a.txt' };
  const path = `/pages/${page}`;
  const each: Omit<Question, 'what'>[] = [
    { rest: ['GET', path], tool: ['read_note', at] },
    { rest: ['PUT', path, { ...write, ...dry }], tool: ['write_note', { ...at, ...write, ...dry }] },
    { rest: ['PATCH', path, { ...patch, ...dry }], tool: ['edit_note', { ...at, ...patch, ...dry }] },
    { rest: ['DELETE', path, dry], tool: ['delete_note', { ...at, ...dry }] },
    {
      rest: ['POST', `${path}/rename`, { new_path: 'Docs/New', ...dry }],
      tool: ['rename_note', { ...at, new_path: 'Docs/New', ...dry }],
    },
    { rest: ['GET', `${path}/history`], tool: ['get_history', at] },
    { rest: ['GET', `${path}/attachments`], tool: ['list_attachments', at] },
    { rest: ['GET', `${path}/attachments/a.txt`], tool: ['download_attachment', file] },
    {
      rest: ['POST', `${path}/attachments`, { ...inline, ...dry }],
      tool: ['upload_attachment', { ...at, ...inline, ...dry }],
    },
    {
      rest: ['DELETE', `${path}/attachments/a.txt`, dry],
      tool: ['delete_attachment', { ...file, ...dry }],
    },
  ];
  return each.map(question => ({ ...question, what: `${question.tool[0]} at ${page}` }));
}

function general(): Question[] {
  const changes = [{ op: 'put', path: 'Team/New', content: 'x' }];
  return [
    { what: 'list', rest: ['GET', '/pages'], tool: ['list_notes', {}] },
    { what: 'search', rest: ['GET', '/search?q=text'], tool: ['search_notes', { query: 'text' }] },
    { what: 'changelog', rest: ['GET', '/changelog'], tool: ['get_recent_changes', {}] },
    {
      what: 'batch',
      rest: ['POST', '/batch', { changes, dry_run: true }],
      tool: ['batch', { changes, dry_run: true }],
    },
  ];
}

/** `done`, or the code of the refusal. */
async function askApi({ rest: [method, path, body] }: Question, { headers }: Caller): Promise<string> {
  const answer = await wiki.call(method, path, body, headers);
  return answer.status < 400 ? 'done' : answer.body.code;
}

async function callTool({ tool: [name, given] }: Question, { headers }: Caller): Promise<string> {
  const revision = '2026-07-28';
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given, _meta } };
  const answer = await wiki.service.app.handle({
    method: 'POST',
    path: '/mcp',
    query: '',
    headers: {
      authorization: `Bearer ${KEY}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': revision,
      'mcp-method': 'tools/call',
      'mcp-name': name,
      ...headers,
    },
    body: Buffer.from(JSON.stringify(message)),
  });
  const { code, error, result } = JSON.parse(String(answer.body));
  if (code !== undefined) return code;
  if (error !== undefined) return /^Unknown tool/.test(error.message) ? 'unknown tool' : error.message;
  return result.isError === true ? result.structuredContent.error.code : 'done';
}
