import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { KEY, openWiki } from '../../http/harness.ts';
import { Prng } from '../../simulation/prng.ts';

/** What went over the wire, in its order. */
export interface Exchange {
  // biome-ignore lint/suspicious/noExplicitAny: messages of any shape
  request: any;
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: messages of any shape
  response: any;
}

/** Noon of a day in 2026. */
const NOON_MS = Date.UTC(2026, 10, 22, 12);

/**
 * A session of the official client with a wiki of its own, whose clock and chance are always the same, and so what is committed:
 * two clients change one page, the second is told, and goes on from what it is told.
 */
export async function playSession(): Promise<Exchange[]> {
  const prng = new Prng(1);
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => prng.uint32() & 255));
  const runtime = {
    ...systemRuntime,
    now: () => NOON_MS,
    random: () => prng.uint32() / 2 ** 32,
    randomBytes: bytes,
  };
  const wiki = await openWiki({}, undefined, runtime);
  const exchanges: Exchange[] = [];
  const client = new Client(
    { name: 'example', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const fetch = async (url: string | URL, init?: RequestInit) => {
    const body = String(init?.body);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const path = new URL(url).pathname;
    const answer = await wiki.service.app.handle({
      method: 'POST',
      path,
      query: '',
      headers,
      body: Buffer.from(body),
    });
    const text = String(answer.body);
    exchanges.push({ request: JSON.parse(body), status: answer.status, response: JSON.parse(text) });
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
  const requestInit = { headers: { authorization: `Bearer ${KEY}` } };
  const target = new URL('http://wiki.example.org/mcp');
  await client.connect(new StreamableHTTPClientTransport(target, { requestInit, fetch }));
  try {
    await converse(client);
  } finally {
    await client.close();
  }
  return exchanges;
}

async function converse(client: Client): Promise<void> {
  const call = async (name: string, given: Record<string, unknown>) =>
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    (await client.callTool({ name, arguments: given })).structuredContent as any;
  await client.listTools();
  const path = 'Birds/Kittiwake';
  const content = '# Kittiwake\n\nA gull of cold cliffs.\n\n## Food\n\nFish.\n';
  const { revision } = await call('write_note', { path, content });
  await call('read_note', { path, section: 'Food' });
  await call('edit_note', { path, revision, old_string: 'Fish.', new_string: 'Small fish.' });
  const mine = content.replace('Fish.', 'Fish and krill.');
  const refused = await call('write_note', { path, content: mine, revision });
  const merged = content.replace('Fish.', 'Small fish and krill.');
  await call('write_note', { path, content: merged, revision: refused.error.current_revision });
  await call('search_notes', { query: 'krill' });
}
